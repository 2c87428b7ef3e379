"""Compares FNN, CNN, RNN, CRNN and DSCRNN of one size, and the simple estimates."""

from collections.abc import Mapping
from typing import Final

from splkit.study.config import StudyConfig
from splkit.study.experiment import Experiment, Results, Shown
from splkit.study.figures import agreement_figure, roc_figure
from splkit.study.measure_tables import compared
from splkit.train.config import TrainConfig
from splkit.train.held_out import NETWORK

FAMILIES: Final = {"FNN": "fnn", "CNN": "cnn", "RNN": "rnn", "CRNN": "crnn", "DSCRNN": "dscrnn"}
"""The family's name in the zoo, by its name in the thesis."""
SIZE: Final = "4k"
"""The size that runs on a microcontroller."""
REFERENCE: Final = "DSCRNN"


def trainings(config: StudyConfig) -> Mapping[str, TrainConfig]:
    """One training for each family."""
    return {label: config.training(model=f"{family}_{SIZE}") for label, family in FAMILIES.items()}


def show(results: Results) -> Shown:
    """Agreement, hyperkalemia and differences to the DSCRNN, with ROC, scatter and Bland-Altman plots."""
    trained = results.trained
    curves = {label: (one, NETWORK) for label, one in trained.items()}
    first = next(iter(trained.values()))
    curves["ridge (no network)"] = (first, "ridge")
    return Shown(
        text=(
            f"All networks have about {SIZE.removesuffix('k')},000 parameters. They are trained on the same "
            "patients and answer the same test ECGs. The simple estimates use no network. They are the "
            "mean, straight lines on T/R and on the T wave's slope over its amplitude, and ridge "
            "regression on eleven features of the cycle. They are fitted to the same training ECGs.",
        ),
        tables=compared("networks", trained, REFERENCE, "network", simple=True),
        figures=(
            roc_figure("networks-roc", "ROC of hyperkalemia, potassium at or above 5.5 mEq/L.", curves),
            agreement_figure("networks-scatter", "scatter", "Estimate on potassium, by network.", trained),
            agreement_figure(
                "networks-bland-altman", "bland_altman", "Bland-Altman plots, by network.", trained
            ),
        ),
    )


NETWORKS: Final = Experiment(
    name="networks",
    title="FNN, CNN, RNN, CRNN and DSCRNN",
    thesis={
        "comparison table of the networks": "networks-accuracy",
        "ROC of hyperkalemia": "networks-roc",
    },
    trains=trainings,
    show=show,
)
