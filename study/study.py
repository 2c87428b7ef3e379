"""Runs a study from its experiments to its report. Work that was interrupted continues.

The report is one page, with CSV files of its values.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from splkit import __version__
from splkit.errors import ModelError, UsageError
from splkit.files import place_taken, write_all
from splkit.folders import own_place
from splkit.optional import optional
from splkit.progress import Advance, ignore_progress
from splkit.report.page import Page, Section
from splkit.study.config import Begun, StudyConfig
from splkit.study.cost import COUNTED, Cost
from splkit.study.experiment import Experiment, Results
from splkit.study.experiments import EXPERIMENTS
from splkit.study.front import data_section, gaps_section, methods_section, thesis_section
from splkit.study.trained import Trained
from splkit.study.work import Done, cost_file, do_all, pieces, run_folder
from splkit.train.backend import gpus_seen, keras
from splkit.train.folds import fold_folder

BEGUN: Final = "study.json"
REPORT: Final = "report.html"
CSVS: Final = "csv"
NOTICE: Final = "For research; not a medical device."


class Studied(NamedTuple):
    """The result of a finished study.

    Attributes:
        page: the report.
        left_out: the reason why a piece of work was not done, by piece.
    """

    page: Page
    left_out: dict[str, str]


def run_study(
    names: Sequence[str],
    config: StudyConfig,
    folder: Path,
    advance: Advance = ignore_progress,
    tell: Callable[[Done], None] = lambda _: None,
    *,
    workers: int | None = None,
) -> Studied:
    """Does the work of the experiments that is not done yet, and writes the report.

    The report also has the experiments of earlier calls for the same folder. If a call was interrupted or
    killed, the next call continues its work.

    Args:
        names: the experiments to do.
        config: settings of the study.
        folder: folder of the study.
        advance: counts steps, `study_steps` in all.
        tell: called for each piece of work that is done.
        workers: how many trainings run at once; the results do not depend on it. None means one on each core,
            or a single one if there are GPUs, which then has all of them.

    Raises:
        UsageError: `folder` belongs to another study, or is in use.
        ToolError: TensorFlow or matplotlib is not installed.
    """
    gpus = gpus_seen()  # this must come before anything that makes TensorFlow use the CPU
    processes = workers or (1 if gpus else len(os.sched_getaffinity(0)))
    keras()
    optional("matplotlib", "a report's figures are drawn with the package matplotlib")
    place = own_place(folder, "a study")
    with place_taken(place / "study"):
        begun = _begin(names, config, place)
        left_out = _hindered(begun.experiments, config)
        chosen = [EXPERIMENTS[name] for name in begun.experiments if name not in left_out]
        for done in do_all(pieces(chosen, config, place, processes), advance, processes):
            tell(done)
            if done.failure:
                left_out[done.name] = done.failure
        page = report(chosen, config, place, left_out)
        files = {place / CSVS / name: text.encode() for name, text in page.csvs()}
        write_all(files | {place / REPORT: page.html()})
    return Studied(page, left_out)


def study_steps(names: Sequence[str], config: StudyConfig, folder: Path) -> int:
    """How many steps `run_study` reports to its `advance` in all."""
    path = folder / BEGUN
    before = Begun.load(path).experiments if path.exists() else ()
    asked = _in_order((*before, *names))
    chosen = [EXPERIMENTS[name] for name in asked if name not in _hindered(asked, config)]
    return sum(piece.steps for piece in pieces(chosen, config, folder))


def report(
    experiments: Sequence[Experiment], config: StudyConfig, folder: Path, left_out: dict[str, str]
) -> Page:
    """The report on the results that exist so far."""
    sections: dict[str, Section] = {}
    everything: list[Trained] = []
    for experiment in experiments:
        results = _results(experiment, config, folder)
        everything += results.trained.values()
        if results.trained or results.costs:
            sections[experiment.name] = _section(experiment, results)
    absent = [
        one.title for one in EXPERIMENTS.values() if one not in experiments and one.name not in left_out
    ]
    return Page(
        title=f"Potassium from the ECG: a {'quick ' if config.quick else ''}study",
        notice=f"{NOTICE} Every figure says whether its potassium was simulated or measured.",
        sections=(
            data_section(config, everything),
            thesis_section(EXPERIMENTS, sections),
            *sections.values(),
            gaps_section(config, left_out, absent),
            methods_section(config),
        ),
        csv_folder=CSVS,
    )


def summary(studied: Studied) -> dict[str, Any]:
    """Every table of the report, and what was left out, in a form for JSON."""
    return {
        "tables": {
            table.name: [dict(zip(table.columns, row, strict=True)) for row in table.rows]
            for section in studied.page.sections
            for table in section.tables
        },
        "not_done": studied.left_out,
    }


def _section(experiment: Experiment, results: Results) -> Section:
    shown = experiment.show(results)
    origin = results.config.origin if results.trained else COUNTED
    return Section(experiment.name, experiment.title, shown.text, shown.tables, shown.figures, origin)


def _results(experiment: Experiment, config: StudyConfig, folder: Path) -> Results:
    trained, costs = {}, {}
    for label, training in experiment.trains(config).items():
        runs = run_folder(folder, training)
        try:
            trained[label] = Trained.load([fold_folder(runs, fold) for fold in range(config.folds)])
        except ModelError:
            continue  # it is listed as not done
    for label, of in experiment.costs.items():
        cost = Cost.kept(cost_file(folder, of), of)
        if cost:
            costs[label] = cost
    return Results(config, trained, costs)


def _begin(names: Sequence[str], config: StudyConfig, folder: Path) -> Begun:
    """Writes `study.json`, with the experiments of this call and of earlier calls. Returns its content."""
    path = folder / BEGUN
    before: tuple[str, ...] = ()
    if path.exists():
        begun = Begun.load(path)
        if (begun.splkit, begun.config) != (__version__, config):
            raise UsageError(
                "a folder holds one study, made with one set of settings",
                found=f"{_apart(begun, config)} in {path}",
                next_step="give the same ones, or name another folder",
            )
        before = begun.experiments
    now = Begun(splkit=__version__, config=config, experiments=_in_order((*before, *names)))
    now.save(path)
    return now


def _hindered(names: Sequence[str], config: StudyConfig) -> dict[str, str]:
    """The reason why an experiment cannot be done on these data, by its name."""
    reasons = {name: EXPERIMENTS[name].hindered(config) for name in names}
    return {name: reason for name, reason in reasons.items() if reason}


def _in_order(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in EXPERIMENTS if name in names)


def _apart(begun: Begun, config: StudyConfig) -> str:
    if begun.splkit != __version__:
        return f"splkit {begun.splkit}"
    return "another " + ", ".join(key for key, value in begun.config if value != getattr(config, key))
