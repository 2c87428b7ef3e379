"""The sections of the report that belong to no experiment.

They are on the data, on the thesis' figures, on what was not measured, and on methods.
"""

import platform
from collections.abc import Collection, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np

from splkit import __version__
from splkit.report.page import Section
from splkit.report.table import Cell, Link, Table
from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment
from splkit.study.figures import histogram_figure
from splkit.study.trained import Trained
from splkit.train.cohort import BODY_MEQ_L, BODY_SD_MEQ_L, FOLDS, TAIL_MEQ_L, TEST_TAIL_SHARE
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

_PACKAGES: Final = ("numpy", "scipy", "tensorflow", "tf_keras", "matplotlib", "unicorn")


def data_section(config: StudyConfig, trained: Sequence[Trained]) -> Section:
    """The section on the data: what they were, and how they were split."""
    if not trained:
        nothing = "No network was trained for this report, and no data were used. Cost needs neither."
        return Section("data", "What the data were", (nothing,))
    facts: dict[str, Cell] = {"potassium": config.origin.partition(" ")[0], "patients": config.patients}
    facts |= _facts(trained[0])
    potassium = trained[0].tested.potassium_meq_l.tolist()
    figure = histogram_figure("data-potassium", "Potassium of the test ECGs of all folds.", potassium)
    base = config.training()
    facts |= {
        "front end": f"{base.fs_hz} Hz, {base.uv_per_count:g} uV a count, means of "
        f"{base.averaged_cycles} cycles",
        "folds tested": f"{config.folds} of 5, by patient",
        "epochs": config.epochs,
        "steps of an epoch, at least": config.least_steps,
        "seed": config.seed,
        "splkit": __version__,
    }
    table = Table("data-facts", "Data and settings.", ("what", "value"), tuple(facts.items()))
    return Section("data", "What the data were", _words(config), (table,), (figure,), config.origin)


def thesis_section(experiments: Mapping[str, Experiment], shown: Collection[str]) -> Section:
    """The section that lists every figure of the thesis with the name of its counterpart.

    Args:
        experiments: all experiments.
        shown: names of the experiments in this report.
    """
    rows: list[tuple[Cell, ...]] = [
        (
            figure,
            experiment.title,
            Link(name) if experiment.name in shown else f"splkit study {experiment.name}",
        )
        for experiment in experiments.values()
        for figure, name in experiment.thesis.items()
    ]
    columns = ("in the thesis", "experiment", "counterpart here")
    caption = (
        "Figures and tables of the thesis, with the names of their counterparts in this report. Where a "
        "counterpart is missing, the command that adds it is named."
    )
    table = Table("thesis-figures", caption, columns, tuple(rows))
    return Section("thesis", "The thesis' figures", tables=(table,))


def gaps_section(config: StudyConfig, left_out: Mapping[str, str], absent: Collection[str]) -> Section:
    """The section on what was not measured, and why.

    Args:
        config: settings of the study.
        left_out: the reason why a piece of work was not done, by piece.
        absent: titles of the experiments that this study was not asked for.
    """
    rows: list[tuple[Cell, ...]] = [(what, why) for what, why in left_out.items()]
    rows += [(title, "this study was not asked for it") for title in absent]
    if config.pairs is None:
        real = "the potassium is simulated; --table takes real ECGs with their blood tests"
        rows.append(("real patients", real))
    if config.folds < FOLDS:
        rows.append(
            (
                f"{FOLDS - config.folds} of {FOLDS} folds",
                "their patients were not tested: --folds 5 tests everyone",
            )
        )
    rows += [
        ("int8 networks", "accuracy is that of the float networks; splkit quantize measures both"),
        ("time, energy and current", "no board was connected; instructions are counted in a simulator"),
    ]
    table = Table("not-measured", "Not measured in this report.", ("what", "why"), tuple(rows))
    return Section("gaps", "What was not measured", tables=(table,))


def methods_section(config: StudyConfig) -> Section:
    """The section on methods: how the figures were measured, and with which versions."""
    text = (
        "Every patient is tested by a network that never saw this patient. Fifths of the patients are "
        "tested in turn. A tenth of the patients is used for validation, and the others for training. The "
        "epoch with the lowest validation loss is kept. Each figure is calculated from the test answers of "
        "all folds together. Each fold has its own network, and the level of its answers may differ a "
        "little. Therefore the AUC of all folds together may be lower than the mean of the AUCs of the "
        "folds, which are in the tables fold by fold.",
        "Intervals are 95 % intervals. Patients are drawn again with replacement 2,000 times, each with all "
        "of his or her ECGs (fewer times for more than 25,000 ECGs). An interval shows how much a figure "
        "varies with the patients. It does not show how much it varies with the seed of the weights.",
        f"Hyperkalemia is potassium at or above {HYPERKALEMIA_MEQ_L} mEq/L. The limits of agreement are the "
        "mean difference plus and minus 1.96 SD (Bland and Altman 1986). If there are more than 2,000 ECGs, "
        "a scatter or Bland-Altman plot shows 2,000 of them, evenly chosen. Figures and CSV files use all.",
        f"Seed {config.seed} determines the patients, the weights and the order of training. The same seed "
        "gives the same numbers on the same machine.",
    )
    rows: list[tuple[Cell, ...]] = [("splkit", __version__), ("Python", platform.python_version())]
    rows += [(name, _version(name)) for name in _PACKAGES]
    table = Table("versions", "Versions.", ("what", "version"), tuple(rows))
    return Section("methods", "How it was measured", text, (table,))


def _words(config: StudyConfig) -> tuple[str, ...]:
    if config.pairs is None:
        said = (
            "The data are simulated. The patients, with the conditions that are common in kidney disease, "
            "their ECGs and their potassium come from splkit's simulator. No figure here says anything "
            "about real patients. The potassium of test patients has a normal distribution with mean "
            f"{BODY_MEQ_L} mEq/L and SD {BODY_SD_MEQ_L} mEq/L. {TEST_TAIL_SHARE:.0%} of the ECGs are instead "
            f"spread evenly from {TAIL_MEQ_L[0]} to {TAIL_MEQ_L[1]} mEq/L. A label is what a laboratory "
            "would report."
        )
    else:
        said = (
            "The data are measured: real ECGs with blood tests, from the table "
            f"{Path(config.pairs.table).name} (SHA-256 {config.pairs.sha256})."
        )
    quick = (
        "This is a quick study: few patients, few epochs, few folds. It shows that every experiment runs "
        "from end to end. Its numbers do not show what the networks can do. A study without --quick does."
    )
    return (said, quick) if config.quick else (said,)


def _facts(one: Trained) -> dict[str, Cell]:
    """Facts about the data, from the folds of one training. All trainings have the same patients."""
    potassium, first = one.tested.potassium_meq_l, one.figures[0]
    share = float(np.mean(potassium >= HYPERKALEMIA_MEQ_L))
    return {
        "ECGs": first.records,
        "ECGs that gave a mean of cycles": first.used_records,
        "lead, unless an experiment names another": first.lead or "several, or not known",
        "test ECGs, of all folds": len(potassium),
        "test patients, of all folds": len(np.unique(one.tested.patient)),
        "potassium of test ECGs, mean; SD": f"{potassium.mean():.2f}; {potassium.std():.2f} mEq/L",
        "test ECGs at or above 5.5 mEq/L": f"{share:.1%}",
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
