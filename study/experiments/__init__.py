"""All experiments of the study, in the order of the report. Each has its own file."""

from typing import Final

from splkit.study.experiment import Experiment
from splkit.study.experiments.classifier import CLASSIFIER
from splkit.study.experiments.convolutions import CONVOLUTIONS
from splkit.study.experiments.curves import CURVES
from splkit.study.experiments.leads import LEADS
from splkit.study.experiments.networks import NETWORKS
from splkit.study.experiments.sizes import SIZES
from splkit.study.experiments.windows import WINDOWS

EXPERIMENTS: Final[dict[str, Experiment]] = {
    one.name: one for one in (NETWORKS, CURVES, CLASSIFIER, LEADS, WINDOWS, SIZES, CONVOLUTIONS)
}
"""All experiments, by name."""
