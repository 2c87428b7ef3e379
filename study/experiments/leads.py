"""Trains the DSCRNN on each of V1 to V6."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import agreement_figure
from splkit.study.measure_tables import compared
from splkit.train.config import TrainConfig
from splkit.train.pairs import paired_patients

PRECORDIAL: Final = ("V1", "V2", "V3", "V4", "V5", "V6")
REFERENCE: Final = "V5"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """One training for each lead."""
    return {lead: config.in_lead(lead) for lead in PRECORDIAL}


def hindered(config: StudyConfig) -> str | None:
    """Why leads cannot be compared: a table that names the lead of each row has only one lead of an ECG."""
    if config.pairs is None or not any(
        pair.channel for patient in paired_patients(config.training()) for pair in patient.pairs
    ):
        return None
    table = Path(config.pairs.table).name
    return f"{table} names the lead of its rows; leave the column channel out to compare leads"


def show(results: Results) -> Shown:
    """Agreement and hyperkalemia by lead, differences to V5, and scatter plots."""
    trained = results.trained
    return Shown(
        text=(
            "For each lead a separate network is trained, on the same patients. The ECGs that give a cycle "
            "differ a little from lead to lead.",
        ),
        tables=compared("leads", trained, REFERENCE, "lead"),
        figures=(agreement_figure("leads-scatter", "scatter", "Estimate on potassium, by lead.", trained),),
    )


LEADS: Final = Experiment(
    name="leads",
    title="Leads V1 to V6",
    thesis={"scatter plots of V1 to V6": "leads-scatter"},
    trains=trainings,
    hindered=hindered,
    show=show,
)
