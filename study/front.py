"""The sections that are of no experiment: the data, the thesis' figures, what was not measured, how."""

import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import PurePath
from typing import Final

import numpy as np

from splkit import __version__
from splkit.report.page import Section
from splkit.report.table import Cell, Link, Table
from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment
from splkit.study.figures import histogram_figure
from splkit.study.trained import Trained
from splkit.train.cohort import BODY_MEQ_L, BODY_SD_MEQ_L, TAIL_MEQ_L, TEST_TAIL_SHARE
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

_PACKAGES: Final = ("numpy", "scipy", "tensorflow", "tf_keras", "matplotlib", "unicorn")


def data_section(config: StudyConfig, trained: Sequence[Trained]) -> Section:
    """What the data were, and how they were split."""
    if not trained:
        nothing = "No network was trained for this report, on no data: costs do not depend on training."
        return Section("data", "What the data were", (nothing,))
    facts: dict[str, Cell] = {"potassium": config.origin.partition(" ")[0], "patients": config.patients}
    facts |= _facts(trained[0])
    potassium = trained[0].tested.potassium_meq_l.tolist()
    figure = histogram_figure("data-potassium", "Potassium of the test ECGs of all folds.", potassium)
    base = config.training()
    facts |= {
        "front end": f"{base.fs_hz} Hz, {base.uv_per_count:g} uV a count",
        "an answer is to": f"the mean of {base.averaged_cycles} cycles, where nothing else is said",
        "folds tested": f"{config.folds} of 5, by patient",
        "epochs": config.epochs,
        "steps of an epoch, at least": config.least_steps,
        "seed": config.seed,
        "splkit": __version__,
    }
    table = Table("data-facts", "Data and settings.", ("what", "value"), tuple(facts.items()))
    return Section("data", "What the data were", _words(config), (table,), (figure,), config.origin)


def thesis_section(experiments: Mapping[str, Experiment], shown: Mapping[str, bool]) -> Section:
    """Every figure of the thesis and its counterpart, by name."""
    rows: list[tuple[Cell, ...]] = []
    for experiment in experiments.values():
        for figure, name in experiment.thesis.items():
            is_here = shown.get(experiment.name, False)
            rows.append(
                (figure, experiment.title, Link(name) if is_here else f"splkit study {experiment.name}")
            )
    columns = ("in the thesis", "experiment", "counterpart here")
    caption = "Figures and tables of the thesis, and their counterparts in this report, by name."
    return Section(
        "thesis", "The thesis' figures", tables=(Table("thesis-figures", caption, columns, tuple(rows)),)
    )


def gaps_section(config: StudyConfig, left_out: Mapping[str, str]) -> Section:
    """What was not measured, and why.

    Args:
        config: of the study.
        left_out: by piece of work, why it was not done.
    """
    rows: list[tuple[Cell, ...]] = list(left_out.items())
    if config.pairs is None:
        rows.append(
            ("real patients", "the potassium is simulated; --table takes real ECGs with their blood tests")
        )
    if config.folds < 5:
        rows.append(
            (f"{5 - config.folds} of 5 folds", "their patients were not tested: --folds 5 tests everyone")
        )
    rows += [
        ("int8 networks", "accuracy is that of the float networks; splkit quantize measures both"),
        ("time, energy and current", "no board was connected; instructions are counted in a simulator"),
    ]
    table = Table("not-measured", "Not measured in this report.", ("what", "why"), tuple(rows))
    return Section("gaps", "What was not measured", tables=(table,))


def methods_section(config: StudyConfig) -> Section:
    """How the figures came about, and with which versions."""
    text = (
        "Every patient is tested by networks that never saw that patient: fifths of the patients are "
        "tested in turn, a tenth validates, and the others train. The epoch with the least validation "
        "loss is kept. The figures are of the test answers of all folds together. Each fold has a "
        "network of its own, whose level may differ a little, so that an AUC of all folds together may "
        "lie below the mean of theirs; the tables fold by fold have those.",
        "Intervals are 95 %: patients, with all their ECGs, are drawn again with replacement 2,000 times "
        "(fewer of over 25,000 ECGs). They say how much the figures vary with the patients, not with the "
        "seed of the weights.",
        f"Hyperkalemia is potassium at or above {HYPERKALEMIA_MEQ_L} mEq/L. Limits of agreement are the mean "
        "difference and 1.96 SD to either side (Bland and Altman 1986). Of over 2,000 ECGs a scatter or "
        "Bland-Altman plot draws 2,000, evenly chosen; figures and CSV files are of all.",
        f"Seed {config.seed} draws patients, weights and order. The same seed gives the same numbers on "
        "the same machine.",
    )
    rows: list[tuple[Cell, ...]] = [("splkit", __version__), ("Python", platform.python_version())]
    rows += [(name, _version(name)) for name in _PACKAGES]
    table = Table("versions", "Versions.", ("what", "version"), tuple(rows))
    return Section("methods", "How it was measured", text, (table,))


def _words(config: StudyConfig) -> tuple[str, ...]:
    if config.pairs is None:
        said = (
            "The data are simulated: patients with what patients with kidney disease have, their ECGs "
            "and their potassium come out of splkit's simulator. No figure here says anything about real "
            f"patients. Potassium of test patients is normal about {BODY_MEQ_L} mEq/L (SD "
            f"{BODY_SD_MEQ_L}); {TEST_TAIL_SHARE:.0%} of the ECGs are spread evenly from {TAIL_MEQ_L[0]} "
            f"to {TAIL_MEQ_L[1]}. A label is what a laboratory would report."
        )
    else:
        said = (
            "The data are measured: real ECGs with blood tests, from the table "
            f"{PurePath(config.pairs.table).name} (SHA-256 {config.pairs.sha256})."
        )
    quick = (
        "This is a quick study: few patients, few epochs, few folds. It shows that every experiment runs "
        "from end to end. Its numbers are not those of the networks; splkit study without --quick gives "
        "these."
    )
    return (said, quick) if config.quick else (said,)


def _facts(one: Trained) -> dict[str, Cell]:
    """Of the first training's folds; all trainings have the same patients."""
    potassium, first = one.tested.potassium_meq_l, one.folds[0]
    share = float(np.mean(potassium >= HYPERKALEMIA_MEQ_L))
    return {
        "ECGs": first.records,
        "ECGs that gave a mean of cycles": first.used_records,
        "lead, unless an experiment says another": first.lead or "several, or not known",
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
