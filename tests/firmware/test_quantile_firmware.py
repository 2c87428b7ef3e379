"""The bundled network with seven quantiles as firmware: lines, advertisement, calibration, refusals."""

import ctypes
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from support.broadcast import broadcasting, records
from support.c_format import assert_formatted
from support.quantile_models import PERMILLE, SPREAD, spread_card, widened
from support.stand_in import FS_HZ
from support.tflm_stand_in import make_tree
from support.truth import Truth

from splkit import boards
from splkit.codegen.compile import CompiledModel, compile_model
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.errors import ModelError
from splkit.firmware.binary.elf import Elf
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.parity.alert import Settings
from splkit.firmware.parity.host import WARNINGS, load_library
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.inference import CoreInference, infer_core
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.framing import unframe
from splkit.firmware.wire.protocol import parse_lines
from splkit.needs import CC
from splkit.quantize.personal import Personal
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.spread import Spread
from splkit.quantize.units import spl_scale


def rising(folder: Path) -> NDArray[np.int16]:
    """A simulated patient at 4.2, 6.3, 7.5 and again 4.2 mEq/L, half a minute each."""
    patient = draw_patient(np.random.default_rng(8))
    records = (
        simulate_record(level, duration_s=30, seed=8 + i, patient=patient).recording
        for i, level in enumerate((4.2, 6.3, 7.5, 4.2))
    )
    return np.concatenate([counts_for(folder, record) for record in records])


def export_widened(folder: Path, content: bytes, spread: Spread | None, **options: Any) -> Path:
    """An export for nrf52 of a network that `widened` made, with options of the request."""
    model = folder.parent / "quantiles.tflite"
    model.write_bytes(content)
    board, card = boards.load("nrf52"), spread_card(content, spread)
    request = ExportRequest(model, card, board, board.ecg.fs_hz, board.ecg.uv_per_count, **options)
    export(request, folder)
    return folder


@pytest.fixture(scope="module")
def quantiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled network with seven answers, exported for nrf52."""
    folder = tmp_path_factory.mktemp("quantiles") / "export"
    return export_widened(folder, widened(), SPREAD, single_file=True)


@pytest.fixture(scope="module")
def played(quantiles: Path) -> Application:
    application = broadcasting(quantiles / "firmware.elf")
    application.push(rising(quantiles))
    return application


def test_lines_of_a_network_of_seven_quantiles_are_the_twins(quantiles: Path, played: Application) -> None:
    twin, samples = Twin(quantiles), rising(quantiles)
    assert played.lines[1:] == twin.lines(twin.front_end(samples), len(samples))
    report = parse_lines(played.lines)
    states = [alert.state for alert in report.alerts]
    assert states[0] == "high" and "critical" in states
    first = next(each for each in report.estimates if each.alert == "high")
    assert first.spl_ueq_l < 5300 and first.risk_high_permille is not None and first.risk_high_permille > 150


def test_each_line_means_what_the_files_say(quantiles: Path, played: Application) -> None:
    """Quantiles, interval and risks out of the .tflite's scale and the card's JSON, in floating point."""
    truth, card = Truth(quantiles), json.loads((quantiles / "model" / "card.json").read_text())
    added, permille = card["spread"]["correction_meq_l"], card["spread"]["permille"]
    estimates = parse_lines(played.lines).estimates
    assert len({each.outputs for each in estimates}) > 10
    over: list[tuple[bool, bool]] = []
    for each in estimates:
        exact = sorted(float(truth.exact(code)) + 1000 * add
                       for code, add in zip(each.outputs, added, strict=True))  # fmt: skip
        assert each.spl_ueq_l == pytest.approx(exact[3], abs=1)
        assert each.low_ueq_l == pytest.approx(max(exact[0], 2000), abs=1)
        assert each.high_ueq_l == pytest.approx(min(exact[6], 10_000), abs=1)
        edges, shares = [2000, *exact, 10_000], [0, *permille, 1000]
        found = (each.risk_high_permille, each.risk_critical_permille)
        for level, said in zip((5500, 6500), found, strict=True):
            assert said == pytest.approx(1000 - np.interp(level, edges, shares), abs=1.5)
        assert found[0] is not None and found[1] is not None
        over = [*over, (found[0] > 150, found[1] > 300)][-5:]
        if sum(critical for _, critical in over) >= 3:
            assert each.alert == "critical"
        elif sum(high for high, _ in over) >= 3:
            assert each.alert in ("high", "critical")


def test_the_advertisement_has_the_interval_of_the_quantiles(played: Application) -> None:
    said = [[data[at] | data[at + 1] << 8 for at in (5, 7, 9)] for data in records(played)]
    last = parse_lines(played.lines).estimates[-1]
    assert said[-1] == [last.spl_ueq_l, last.low_ueq_l, last.high_ueq_l]
    assert {data[4] & 7 for data in records(played)} == {0, 2, 3}


def test_a_calibrated_device_and_its_twin_say_the_same(quantiles: Path) -> None:
    card = json.loads((quantiles / "model" / "card.json").read_text())
    samples, twin = rising(quantiles), Twin(quantiles)
    first = Application(CoreSimulator(quantiles / "firmware.elf"))
    first.push(samples[: 29 * FS_HZ])
    mean = int(np.mean([each.spl_ueq_l for each in parse_lines(first.lines).estimates[-5:]]))
    assert unframe(first.send(f"calibrate {mean - 400}")[0]) == "R calibrate ok"
    assert unframe(first.send("alert 5000 5800")[0]) == "R alert ok"
    priors = Priors.of(Personal.model_validate(card["personal"]))
    tests = [BloodTest(mean - 400, mean, 0)]
    today = personal_curve(priors, tests, 0)
    last = parse_lines(first.lines).estimates[-1]
    scale = spl_scale(card["output"]["scale"], card["output"]["zero_point"], card["offset"])
    corrected = SPREAD.corrected(np.array([[scale.value(code) for code in last.outputs]]))[0].tolist()
    assert today is not None
    change = [int(each) for each in unframe(first.send("change")[0]).split()[3:]]
    value = today.value(last.spl_ueq_l) - (mean - 400)
    below, above = today.change_ends(corrected[0] - corrected[3], corrected[6] - corrected[3])
    assert change == [value, value + below, value + above, 0]
    again = Application(CoreSimulator(quantiles / "firmware.elf"), first.store)
    again.push(samples)
    curve = personal_curve(priors, tests, 30)
    assert curve is not None and curve.spread != 4096
    assert again.lines[1:] == twin.lines(twin.front_end(samples), len(samples), Settings(curve, 5000, 5800))
    calibrated, plain = (parse_lines(each.lines).estimates for each in (again, first))
    assert calibrated[2].outputs == plain[2].outputs
    assert calibrated[2].risk_high_permille != plain[2].risk_high_permille


def test_the_manifest_says_how_quantiles_are_read(quantiles: Path) -> None:
    manifest = json.loads((quantiles / "manifest.json").read_text())
    assert manifest["spread"]["permille"] == list(PERMILLE) and manifest["interval_ueq_l"] is None
    assert [each["alert_permille"] for each in manifest["spread"]["risks"]] == [150, 300]


def test_a_model_of_many_answers_without_quantiles_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="one SPL"):
        export_widened(tmp_path / "export", widened(), None)
    assert not (tmp_path / "export").exists()
    fewer = Spread(permille=(80, 500, 980), correction_meq_l=(0, 0, 0))
    with pytest.raises(ModelError, match="as many answers as its card has quantiles"):
        export_widened(tmp_path / "export", widened(), fewer)
    assert not (tmp_path / "export").exists()


def test_the_library_is_formatted_and_fits_into_one_file(quantiles: Path, tmp_path: Path) -> None:
    assert_formatted([*quantiles.glob("include/*"), *quantiles.glob("lib/**/*.[ch]")])
    compiler = [CC.path(), "-std=c99", *WARNINGS, "-c", "spl.c", "-o", str(tmp_path / "spl.o")]
    done = subprocess.run(compiler, cwd=quantiles / "single", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_self_test_knows_every_answer(quantiles: Path, tmp_path: Path) -> None:
    """The last of the seven is as much part of it as the first."""
    source = quantiles / "lib" / "spl_model.c"
    changed = tmp_path / "export"
    shutil.copytree(quantiles, changed)
    golden = re.search(r"golden\[SPL_OUTPUT_SIZE\] = \{(.+)\};", source.read_text())
    assert golden is not None
    *first, last = golden[1].split(", ")
    assert len(first) == 6
    other = ", ".join([*first, str(int(last) - 1)])
    (changed / "lib" / "spl_model.c").write_text(source.read_text().replace(golden[1], other))
    for folder, status in ((quantiles, 0), (changed, -3)):
        library = load_library(folder, [*folder.glob("lib/**/*.c")])
        arena = np.zeros(compiled(folder).arena_bytes, np.uint8)
        assert library.spl_self_test(ctypes.c_void_p(arena.ctypes.data)) == status


def test_tensorflow_lite_micro_gives_all_answers(tmp_path: Path) -> None:
    """Its stand-in answers the sum of the inputs; the whole firmware is built around it."""
    folder = export_widened(tmp_path / "export", widened(), SPREAD, tflm_dir=make_tree(tmp_path / "tflm"))
    outputs = infer_core(folder / "firmware.elf", np.ones((1, 270), np.int8), 7, runtime="tflm")
    assert outputs.shape == (1, 7) and outputs[0, 0] == 270 - 256


def instructions(folder: Path) -> int:
    """Of one inference on the core engine."""
    inference = CoreInference(folder / "firmware.elf", output_size=compiled(folder).output_size)
    with inference.core.counting() as counter:
        inference.infer(np.zeros(270, np.int8))
    return counter.total


def compiled(folder: Path) -> CompiledModel:
    return compile_model((folder / "model" / "model.tflite").read_bytes(), "model.tflite")


def test_what_seven_quantiles_cost(quantiles: Path, tmp_path: Path) -> None:
    """Beside the same network with one answer, exactly: bench/quantile_cost.py has all figures."""
    one = export_widened(tmp_path / "one", widened((0.0,), (1.0,)), None)
    assert 0 < instructions(quantiles) - instructions(one) < instructions(one) / 1000
    flash, ram = (
        [getattr(Elf(folder / "firmware.elf"), name) for folder in (one, quantiles)]
        for name in ("flash_bytes", "ram_bytes")
    )
    assert 0 < flash[1] - flash[0] <= 620 and 0 < ram[1] - ram[0] <= 150
