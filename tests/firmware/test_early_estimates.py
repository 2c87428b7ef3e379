"""Estimates from fewer cycles on a device: lines, intervals and alerts, C and twin, and the card by hand."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.broadcast import broadcasting, records
from support.quantile_models import SPREAD, spread_card, widened
from support.stand_in import FS_HZ
from support.truth import Truth

from splkit import boards
from splkit.ecg.simulator.patient import draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.events import Estimate
from splkit.firmware.wire.protocol import parse_event, parse_lines
from splkit.quantize.spread import OfCycles


def of(cycles: int, wider: float) -> OfCycles:
    """A row of a card: the outer quantiles are so much further out."""
    first, *inner, last = SPREAD.correction_meq_l
    corrected = (round(first - wider, 3), *inner, round(last + wider, 3))
    return OfCycles.model_validate(
        {"cycles": cycles, "correction_meq_l": corrected, "means": 1, "mae_meq_l": 0.5, "share": 0.9,
         "width_meq_l": 2.0}
    )  # fmt: skip


COUNTED = SPREAD.model_copy(update={"counts": (of(1, 0.9), of(2, 0.6), of(4, 0.3), of(8, 0.0))})


@pytest.fixture(scope="module")
def early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of seven quantiles whose card knows means of 1, 2, 4 and 8 cycles, exported for nrf52."""
    place = tmp_path_factory.mktemp("early")
    (model := place / "quantiles.tflite").write_bytes(widened())
    board, card = boards.load("nrf52"), spread_card(model.read_bytes(), COUNTED)
    request = ExportRequest(model, card, board, board.ecg.fs_hz, board.ecg.uv_per_count)
    export(request, place / "export")
    return place / "export"


def stream(folder: Path) -> NDArray[np.int16]:
    """A patient whose lead comes off, for 20 s, and then is on for three seconds at a time."""
    patient = draw_patient(np.random.default_rng(8))
    record = simulate_record(7.5, duration_s=60, seed=8, patient=patient).recording
    counts = counts_for(folder, record)
    counts[25 * FS_HZ : 45 * FS_HZ] = 0
    seconds = np.arange(len(counts)) // FS_HZ
    torn = np.where(seconds % 6 < 4, counts, 0).astype(np.int16)
    return np.concatenate([counts, torn])


@pytest.fixture(scope="module")
def played(early: Path) -> Application:
    application = broadcasting(early / "firmware.elf")
    application.push(stream(early))
    return application


def test_lines_are_the_twins_and_say_of_how_many_cycles_each_is(early: Path, played: Application) -> None:
    twin, samples = Twin(early), stream(early)
    trace = twin.front_end(samples)
    assert played.lines[1:] == twin.lines(trace, len(samples))
    cycles = [each.cycles for each in parse_lines(played.lines).estimates]
    assert cycles[:4] == [2, 4, 8, 8] and cycles.count(2) >= 2
    assert cycles == trace.averaged_count.tolist()


def test_each_estimate_has_the_interval_of_its_number_of_cycles(early: Path, played: Application) -> None:
    """Out of the .tflite's scale and the card's JSON, in floating point."""
    truth, card = Truth(early), json.loads((early / "model" / "card.json").read_text())
    added = {row["cycles"]: row["correction_meq_l"] for row in card["spread"]["counts"]}
    for each in parse_lines(played.lines).estimates:
        exact = sorted(
            float(truth.exact(code)) + 1000 * add
            for code, add in zip(each.outputs, added[each.cycles], strict=True)
        )
        assert each.low_ueq_l == pytest.approx(max(exact[0], 2000), abs=1)
        assert each.high_ueq_l == pytest.approx(min(exact[-1], 10_000), abs=1)
    last = parse_lines(played.lines).estimates[-1]
    data = records(played)[-1]
    assert [data[at] | data[at + 1] << 8 for at in (7, 9)] in (
        [last.low_ueq_l, last.high_ueq_l],
        [0xFFFF] * 2,
    )


def test_no_state_follows_from_one_mean_that_grows(played: Application) -> None:
    """Three estimates, of 2, 4 and 8 cycles, are one; the alert comes with the third whole mean."""
    estimates = parse_lines(played.lines).estimates
    assert [each.alert for each in estimates[:4]] == ["none"] * 4
    assert estimates[4].alert in ("high", "critical") and estimates[4].cycles == 8


def test_old_cards_and_manifests_know_whole_means_alone(early: Path, tmp_path: Path) -> None:
    manifest = read_manifest(early)
    assert (manifest.front_end.least_cycles, manifest.front_end.averaged_cycles) == (2, 8)
    older = json.loads((early / "manifest.json").read_text())
    del older["spread"]["counts"]
    (tmp_path / "manifest.json").write_text(json.dumps(older))
    assert read_manifest(tmp_path).front_end.least_cycles == 8


def cycles_of(line: str) -> int | None:
    event = parse_event(line)
    assert isinstance(event, Estimate)
    return event.cycles


def test_a_line_without_its_number_of_cycles_is_an_older_devices() -> None:
    line = "K 6932 5024 4007 6834 -53/-3/47 high 290 95"
    assert (cycles_of(line), cycles_of(f"{line} 2")) == (None, 2)
    for wrong in (f"{line} 2 2", line.removesuffix(" 95")):
        with pytest.raises(ValueError, match="two risks"):
            parse_event(wrong)
    with pytest.raises(ValueError, match="invalid literal"):
        parse_event(f"{line} two")
