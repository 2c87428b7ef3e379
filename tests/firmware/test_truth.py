"""What the numbers say, by the .tflite's own scale and the card by hand, from the library to the monitor."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from support.broadcast import broadcasting, records
from support.single_answer import single_answer_model
from support.small_models import T_WAVE, classifier, line
from support.truth import Truth

from splkit import boards
from splkit.codegen.tflite_file.reader import parse_model
from splkit.commands.monitor import command as monitor_command
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.simulator.heartbeat import deflections
from splkit.ecg.simulator.patient import Patient, draw_patient
from splkit.ecg.simulator.record import simulate_record
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.parity.host import load_library
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import Application
from splkit.firmware.simulators.playback import counts_for
from splkit.firmware.wire.framing import unframe
from splkit.quantize.card import ModelCard, Quantization
from splkit.quantize.carried import network_sha256

ALL_OUTPUTS = range(-128, 128)
NOTHING = 0xFFFF
THRESHOLD = 0.2
"""T over R at which the classifier answers 0.5."""
POTASSIUM_WORDS = {"normal", "high", "critical"}


def toy(folder: Path) -> NDArray[np.int16]:
    return counts_for(folder, read_recording("toy"), 70.0)


def t_over_r(patient: Patient, level: float) -> float:
    """The mean of the patient's T wave where the classifier looks, over R."""
    after_r_ms = np.arange(*T_WAVE) / 0.3
    _, _, r, _, _, t, _ = deflections(patient, level)
    return float(t.at(after_r_ms[None], np.ones((1, 1))).mean() / r.amplitude_mv)


def rising(folder: Path) -> NDArray[np.int16]:
    """40 s at 4.2 mEq/L, then 40 s at 7.5, simulated.

    The first patient whose T wave is under the classifier's threshold before, and well over it then.
    """
    drawn = (draw_patient(np.random.default_rng(seed)) for seed in range(1000))
    patient = next(
        one for one in drawn if t_over_r(one, 4.2) < 0.9 * THRESHOLD and t_over_r(one, 7.5) > 1.35 * THRESHOLD
    )
    records = (
        simulate_record(level, duration_s=40, seed=8 + i, patient=patient).recording
        for i, level in enumerate((4.2, 7.5))
    )
    return np.concatenate([counts_for(folder, record) for record in records])


def run(folder: Path, counts: NDArray[np.int16]) -> Application:
    application = broadcasting(folder / "firmware.elf")
    application.push(counts)
    return application


def texts(application: Application, kind: str) -> list[list[str]]:
    return [unframe(each).split(" ")[1:] for each in application.lines if each[0] == kind]


def monitored(application: Application, tmp_path: Path) -> str:
    """What `splkit monitor` shows of the lines."""
    recorded = tmp_path / "recorded.txt"
    recorded.write_text("".join(f"{each}\n" for each in application.lines))
    return CliRunner().invoke(monitor_command, [str(recorded)]).stdout


def word(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8


def export_small(folder: Path, content: bytes, **contract: object) -> Path:
    """An export for nrf52 of a model of one layer, with a card of its own."""
    model = folder.parent / "small.tflite"
    model.write_bytes(content)
    graph = parse_model(content, model.name)
    ends = [
        Quantization(scale=each.scale, zero_point=each.zero_point) for each in (graph.input, graph.output)
    ]
    facts = {"name": "small", "sha256": network_sha256(content), "input": ends[0], "output": ends[1]}
    more = {"trained_on": "nothing", "metrics": None, "splkit_version": "0", "lead": "V5"}
    card = ModelCard.model_validate(facts | more | contract)
    board = boards.load("nrf52")
    export(ExportRequest(model, card, board, board.ecg.fs_hz, board.ecg.uv_per_count), folder)
    return folder


@pytest.fixture(scope="module")
def potassium(single_answer: Path) -> Path:
    return single_answer


@pytest.fixture(scope="module")
def played(potassium: Path) -> Application:
    return run(potassium, toy(potassium))


@pytest.fixture(scope="module")
def of_a_classifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    contract = {"task": "probability", "positive_spl_meq_l": 5.5, "alert_threshold": 0.6}
    return export_small(tmp_path_factory.mktemp("classifier") / "export", classifier(THRESHOLD), **contract)


@pytest.fixture(scope="module")
def of_another_task(tmp_path_factory: pytest.TempPathFactory) -> Path:
    contract = {"task": "other", "unit": "mm Hg", "plausible": {"low": -1, "high": 1}, "offset": 0.25}
    return export_small(tmp_path_factory.mktemp("other") / "export", line(), **contract)


@pytest.mark.parametrize("folder", ["potassium", "of_a_classifier", "of_another_task"])
def test_the_librarys_value_of_each_output(folder: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(folder)
    library, truth = load_library(path, [*path.glob("lib/**/*.c")]), Truth(path)
    values = [int(library.spl_from_output(output)) for output in ALL_OUTPUTS]
    wrong = [(output, value) for output, value in zip(ALL_OUTPUTS, values, strict=True)
             if not truth.holds(value, output)]  # fmt: skip
    assert wrong == []
    assert len(set(values)) == len(values)


def test_each_line_of_potassium(potassium: Path, played: Application) -> None:
    truth = Truth(potassium)
    lines = texts(played, "K")
    assert len({fields[4] for fields in lines}) > 3
    for _, spl, low, high, output, _ in lines:
        assert truth.holds(int(spl), int(output))
        assert (int(low), int(high)) == truth.ends(int(spl))


def test_each_advertisement_of_potassium(potassium: Path, played: Application) -> None:
    truth, lines = Truth(potassium), texts(played, "K")
    said = [data for data in records(played) if word(data, 5) != NOTHING]
    assert len(said) >= len(lines) > 3
    exact = {round(truth.exact(int(fields[4]))) for fields in lines}
    assert {word(data, 5) for data in said} == exact
    assert all((word(data, 7), word(data, 9)) == truth.ends(word(data, 5)) for data in said)
    assert {data[2] for data in said} == {1}


def test_the_monitor_of_potassium(potassium: Path, played: Application, tmp_path: Path) -> None:
    truth, lines = Truth(potassium), texts(played, "K")
    shown = re.findall(r"SPL ([\d.]+) \(([\d.]+) to ([\d.]+)\) mEq/L at (\d+)", monitored(played, tmp_path))
    assert [each[3] for each in shown] == [fields[0] for fields in lines]
    for (spl, low, high, _), fields in zip(shown, lines, strict=True):
        exact = truth.exact(int(fields[4])) / 1000
        assert abs(float(spl) - exact) <= 0.0051
        ends = truth.ends(round(1000 * exact))
        assert abs(1000 * float(low) - ends[0]) <= 6 and abs(1000 * float(high) - ends[1]) <= 6


def test_a_classifier_says_a_probability_and_never_potassium(of_a_classifier: Path, tmp_path: Path) -> None:
    application, truth = run(of_a_classifier, rising(of_a_classifier)), Truth(of_a_classifier)
    lines = texts(application, "P")
    assert len(lines) > 5 and texts(application, "K") == []
    for _, permille, about, output, _ in lines:
        assert truth.holds(int(permille), int(output))
        assert about == "5500"
    assert {fields[4] for fields in lines} == {"none", "unlikely", "likely"}
    assert "task=probability lead=V5" in application.lines[0]
    assert application.send("status")[0].split(" ")[12] == "probability"
    assert application.send("calibrate 4500")[0].startswith("R calibrate error unsupported")
    said = [data for data in records(application) if word(data, 5) != NOTHING]
    assert {word(data, 5) for data in said} == {int(fields[1]) for fields in lines}
    assert {(data[2], word(data, 7), word(data, 9)) for data in said} == {(2, 5500, 600)}
    assert {data[4] & 7 for data in said} == {0, 5, 6}
    shown = monitored(application, tmp_path)
    assert POTASSIUM_WORDS.isdisjoint(re.split(r"\W+", shown))
    probabilities = re.findall(
        r"probability (0\.\d{3}) of SPL >= 5.5 mEq/L at \d+, (?:unlikely|likely|no)", shown
    )
    assert [float(each) for each in probabilities] == [int(fields[1]) / 1000 for fields in lines]


def test_a_classifier_is_likely_by_three_of_five_over_its_threshold(of_a_classifier: Path) -> None:
    above: list[bool] = []
    state = "none"
    for _, permille, _, _, said in texts(run(of_a_classifier, rising(of_a_classifier)), "P"):
        above = [*above, int(permille) >= 600][-5:]
        if state != "likely":
            state = "none" if len(above) < 3 else "likely" if sum(above) >= 3 else "unlikely"
        assert said == state
    assert state == "likely"


def test_another_task_says_its_unit_and_has_no_alert(of_another_task: Path, tmp_path: Path) -> None:
    application, truth = run(of_another_task, toy(of_another_task)), Truth(of_another_task)
    lines = texts(application, "V")
    assert len(lines) > 5
    for _, value, output, *unit in lines:
        assert truth.holds(int(value), int(output))
        assert unit == ["mm", "Hg"]
    assert texts(application, "A") == texts(application, "K") == []
    data = records(application)[-1]
    assert (data[2], data[4] & 7, word(data, 9)) == (3, 7, NOTHING)
    assert int.from_bytes(data[5:9], "little", signed=True) == int(lines[-1][1])
    shown = monitored(application, tmp_path)
    assert f"{int(lines[-1][1]) / 1000:g} mm Hg at " in shown and "mEq/L" not in shown


@pytest.mark.parametrize("folder", ["of_a_classifier", "of_another_task"])
def test_the_twin_says_the_same_of_each_task(folder: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(folder)
    twin, counts = Twin(path), rising(path)
    assert run(path, counts).lines[1:] == twin.lines(twin.front_end(counts), len(counts))


def test_what_is_not_plausible_is_no_estimate(potassium: Path, played: Application, tmp_path: Path) -> None:
    truth = Truth(potassium)
    outputs = sorted({int(fields[4]) for fields in texts(played, "K")})
    low = round(float(truth.exact(outputs[len(outputs) // 2])) / 1000, 3)
    card = json.loads((potassium / "model" / "card.json").read_text())
    narrow = ModelCard.model_validate(card | {"plausible": {"low": low, "high": 10}})
    board, folder = boards.load("nrf52"), tmp_path / "narrow"
    export(
        ExportRequest(single_answer_model(), narrow, board, board.ecg.fs_hz, board.ecg.uv_per_count), folder
    )
    counts, twin = toy(folder), Twin(folder)
    application = run(folder, counts)
    refused = [int(count) for name, count in texts(application, "E") if name == "implausible"]
    said = [int(fields[4]) for fields in texts(application, "K")]
    assert refused and said
    assert all(truth.exact(output) < 1000 * low for output in refused)
    assert all(truth.exact(output) >= 1000 * low - 1 for output in said)
    assert all(int(fields[2]) >= 1000 * low for fields in texts(application, "K"))
    assert application.lines[1:] == twin.lines(twin.front_end(counts), len(counts))
    # A line that is no estimate is followed by an advertisement of none.
    assert any(word(data, 5) == NOTHING for data in records(application)[1:])
