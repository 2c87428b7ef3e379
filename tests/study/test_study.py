"""A small study from end to end: the same numbers twice, failures named, real ECGs called measured."""

import csv
import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from support.browser import read_in_browser
from support.command_line import splkit_here
from support.pairs import write_pairs
from support.pieces import die, do_five, fail, threads
from support.stop_early import StopEarly

from splkit.errors import UsageError
from splkit.progress import Advance
from splkit.study.config import StudyConfig
from splkit.study.experiments import EXPERIMENTS, leads, networks
from splkit.study.study import REPORT, run_study, study_steps
from splkit.study.team import DIED, side_by_side
from splkit.study.work import Done, Piece, do_all
from splkit.train.folder import Run

pytest.importorskip("tensorflow", reason="training needs splkit[train]")

TINY = StudyConfig(patients=10, epochs=2, least_steps=1, folds=2)
FEW = {"FNN": "fnn", "DSCRNN": "cnn"}
"""Those that TensorFlow traces fast; the second one stands for what the others are compared with."""


class Told:
    """A `splkit.progress.Shown` that remembers."""

    def __init__(self) -> None:
        self.steps = 0
        self.figures: list[str] = []

    def __call__(self, steps: int) -> None:
        self.steps += steps

    def stage(self, name: str, steps: int, unit: str | None) -> None:
        raise AssertionError(f"a study has no stages: {name}, {steps} {unit}")

    def tell(self, text: str) -> None:
        self.figures.append(text)

    def note(self, text: str) -> None:
        raise AssertionError(text)


@pytest.fixture(autouse=True, scope="module")
def few_networks() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "FAMILIES", FEW)
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("study") / "whole"
    steps: list[int] = []
    told: list[Done] = []
    asked = study_steps(["networks", "curves"], TINY, folder)
    studied = run_study(["curves", "networks"], TINY, folder, steps.append, told.append)
    assert sum(steps) == asked == 2 * 10 + 4 * 10 * 3 and studied.left_out == {}
    trainings = {f"{model}-V5, fold {fold} of 2" for model in ("fnn_4k", "cnn_4k") for fold in (1, 2)}
    assert told[0].name == "cycles V5" and {one.name for one in told[1:]} == trainings
    assert told[0].left_s and told[-1].left_s == 0 and not any(one.was_kept for one in told)
    return folder


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "csv" / f"{name}.csv").open(newline="") as file:
        return [*csv.DictReader(file)]


def csvs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder / "csv").iterdir())}


def test_the_table_is_of_the_answers_of_all_folds(whole: Path) -> None:
    """MAE and ECGs are worked out anew from the networks' weights and the cycles of both folds."""
    errors: list[float] = []
    patients: set[int] = set()
    for fold in (0, 1):
        run = Run.load(whole / "runs" / "fnn_4k-V5" / f"fold{fold + 1}")
        test = run.cycles("test")
        answers = run.model().predict(test.inputs, verbose=0)[:, 0] + run.metrics.spl_offset_meq_l
        errors += np.abs(answers - test.potassium_meq_l).tolist()
        patients |= {int(record) // 2 for record in test.record}
    table = {row["network"]: row for row in rows(whole, "networks-accuracy")}
    assert float(table["FNN"]["MAE"]) == pytest.approx(np.mean(errors), abs=1e-5)
    assert int(table["FNN"]["ECGs"]) == len(errors) and len(patients) == 4
    drawn = rows(whole, "networks-scatter")
    assert {int(row["patient"]) for row in drawn} == patients
    assert {int(row["patient"]) for row in drawn} == {int(row["record"]) // 2 for row in drawn}
    assert float(table["mean (no network)"]["R2"]) < 0.1


def test_the_report_says_what_it_is_of_and_what_is_missing(whole: Path) -> None:
    text = (whole / REPORT).read_text()
    for words in (
        "What the data were", "The data are simulated", "simulated potassium", "Learning curves",
        "networks-roc",
        "one cycle against 2 seconds", "splkit study leads", "3 of 5 folds", "tensorflow",
    ):  # fmt: skip
        assert words in text, words
    assert "measured potassium" not in text and 'id="leads"' not in text


@pytest.mark.parametrize(
    ("width", "is_dark"), [(1280, True), (390, False)], ids=["desk, dark", "phone, light"]
)
def test_the_report_reads_in_a_browser(whole: Path, tmp_path: Path, width: int, is_dark: bool) -> None:
    found = read_in_browser(whole / REPORT, tmp_path, width, is_dark=is_dark)
    assert found["sections"] == ["data", "thesis", "networks", "curves", "gaps", "methods"]
    assert len(found["svgs"]) == len(re.findall("<svg", (whole / REPORT).read_text())) == 8
    assert set(found["badges"]) == {"simulated potassium"}
    names = ("data-facts", "thesis-figures", "networks-accuracy", "curves-best")
    assert {csvs(whole)[f"{name}.csv"].decode() for name in names} <= set(found["copied"])


def test_cut_off_it_ends_with_the_same_bytes(whole: Path, tmp_path: Path) -> None:
    """Once within the cycles, once within the third training, once before a run has anything to go on with.

    Two trainings at once made the whole one, and one after the other make this one.
    """
    folder = tmp_path / "cut"
    for steps in (15, 95):
        with pytest.raises(KeyboardInterrupt):
            run_study(["networks", "curves"], TINY, folder, StopEarly(steps), workers=1)
    assert (folder / "runs" / "fnn_4k-V5" / "fold2").exists() and not (folder / REPORT).exists()
    (folder / "runs" / "cnn_4k-V5" / "fold2.partial").mkdir()
    (folder / ".study.splkit-lock").touch()
    told: list[Done] = []
    run_study(["networks", "curves"], TINY, folder, tell=told.append, workers=1)
    kept = [one.was_kept for one in told]
    assert kept[:2] == [True, True] and not any(kept[-2:])
    assert csvs(folder) == csvs(whole)
    assert (folder / REPORT).read_bytes() == (whole / REPORT).read_bytes()


def test_experiments_are_added_and_settings_are_not_mixed(whole: Path, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    shutil.copytree(whole, folder)
    begun = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps(begun | {"experiments": ["networks"]}))
    told: list[Done] = []
    run_study(["curves"], TINY, folder, tell=told.append)
    assert all(one.was_kept for one in told) and csvs(folder) == csvs(whole)
    with pytest.raises(UsageError, match=r"one set of settings; found another seed, folds in .*study\.json"):
        run_study(["curves"], TINY.model_copy(update={"seed": 2, "folds": 1}), folder)
    (folder / "study.json").write_text("{")
    with pytest.raises(UsageError, match="name a new folder"):
        run_study(["curves"], TINY, folder)


def test_what_fails_or_dies_is_named_and_stops_nothing() -> None:
    def piece(name: str, do: Callable[[Advance], None], *, is_done: bool = False) -> Piece:
        return Piece(name, 1, 5, lambda: is_done, do)

    work = [piece("kept", fail, is_done=True), piece("failing", fail), piece("dying", die)]
    work += [piece(f"fine {number}", do_five) for number in range(3)]
    shown = Told()
    done = {one.name: one for one in do_all(work, shown, 2)}
    assert {name: one.was_kept for name, one in done.items() if one.was_kept} == {"kept": True}
    failures = {name: one.failure for name, one in done.items() if one.failure}
    assert failures == {"failing": "a rule; found 7; do that", "dying": DIED}
    assert done["kept"].left_s is None and [*done.values()][-1].left_s == 0
    assert shown.steps == 6 * 5 and set(shown.figures) == {f"fine {number}: halfway" for number in range(3)}


def test_a_training_has_one_thread_however_many_there_are_at_once() -> None:
    for workers in (1, 2):
        shown = Told()
        assert [*side_by_side([threads], [shown], workers)] == [(0, None)] and shown.steps == 1


def test_real_ecgs_are_called_measured_and_a_lead_that_is_missing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(networks, "FAMILIES", {"FNN": "fnn"})
    monkeypatch.setattr(leads, "PRECORDIAL", ("V1",))
    table = write_pairs(tmp_path)
    config = StudyConfig.of(table, epochs=1, least_steps=1, folds=1)
    studied = run_study(["networks", "leads"], config, tmp_path / "named")
    assert list(studied.left_out) == ["leads"] and "names the lead of its rows" in studied.left_out["leads"]
    text = (tmp_path / "named" / REPORT).read_text()
    assert "measured potassium" in text and "simulated potassium" not in text and "pairs.csv" in text
    heading, *lines = [line.rsplit(",", 2)[0] for line in table.read_text().splitlines()]
    table.write_text("\n".join([heading, *lines[::2]]) + "\n")
    studied = run_study(["leads"], StudyConfig.of(table, epochs=1, folds=1), tmp_path / "free")
    assert list(studied.left_out) == ["dscrnn_4k-V1, fold 1 of 1"]
    assert "V1" in studied.left_out["dscrnn_4k-V1, fold 1 of 1"] and EXPERIMENTS["leads"].name == "leads"


def test_the_command_says_where_it_is_and_what_to_put_right(tmp_path: Path) -> None:
    small = ("--quick", "--patients", "10", "--epochs", "1", "--folds", "1", "--out", str(tmp_path / "study"))
    told = splkit_here("study", "curves", *small)
    assert told.returncode == 0, told.stderr
    assert re.search("3 of 3: [cf]nn_4k-V5, fold 1 of 1 done, about 0 s left", told.stderr)
    assert "simulated potassium. For research" in told.stdout and "report.html" in told.stdout
    again = splkit_here("study", "curves", *small, "--json")
    assert "2 of 3: fnn_4k-V5, fold 1 of 1 done before" in again.stderr
    summary = json.loads(again.stdout)
    assert summary["not_done"] == {} and summary["tables"]["curves-best"][0]["network"] == "FNN"
    for wrong, words in (
        (("--channel", "V5"), "no --table"),
        (("--table", "pairs.csv", "--patients", "20"), "--table and --patients"),
        (("nothing",), "'networks', 'curves'"),
    ):
        refused = splkit_here("study", *wrong, "--out", str(tmp_path / "other"))
        assert refused.returncode == 2 and words in refused.stderr
    assert not (tmp_path / "other").exists()
