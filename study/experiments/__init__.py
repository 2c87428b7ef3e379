"""All experiments of the study, in the order of the report; one file each."""

from typing import Final

from splkit.study.experiment import Experiment
from splkit.study.experiments.convolutions import CONVOLUTIONS
from splkit.study.experiments.curves import CURVES
from splkit.study.experiments.leads import LEADS
from splkit.study.experiments.networks import NETWORKS
from splkit.study.experiments.sizes import SIZES

EXPERIMENTS: Final[dict[str, Experiment]] = {
    one.name: one for one in (NETWORKS, CURVES, LEADS, SIZES, CONVOLUTIONS)
}
"""By name."""

NOT_YET: Final = {
    "one cycle against 2 seconds, learning curves side by side": "splkit does not train it yet",
    "beside Galloway's classifier": "splkit does not train it yet",
}
"""What the thesis shows and no experiment does, each with the reason."""
