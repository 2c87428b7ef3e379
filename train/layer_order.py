"""The order of the layers in a block of a network, and the names that it had before."""

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

LayerOrder = Literal["conv-bn-relu", "conv-relu-bn"]
"""`conv-bn-relu`: convolution, BatchNorm, ReLU; it folds into the convolution and costs nothing on a board.
`conv-relu-bn`: convolution, ReLU, BatchNorm, as the DSCRNN was posted; it leaves a MUL and an ADD behind."""

EARLIER_NAMES: Final[dict[str, LayerOrder]] = {"fold": "conv-bn-relu", "seed": "conv-relu-bn"}
"""As recipes, run folders, model cards and command lines of splkit 0.1.0 have it; they are still read."""


def present_name(order: object) -> object:
    """The name of a layer order today; whatever is no earlier name comes back as it is."""
    return EARLIER_NAMES.get(order, order) if isinstance(order, str) else order


ReadLayerOrder = Annotated[LayerOrder, BeforeValidator(present_name)]
"""A field of a file: an earlier name is read as the present one."""
