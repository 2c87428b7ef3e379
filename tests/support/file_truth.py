"""What a second parser can say of a file."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MV = {"v": 1e3, "mv": 1.0, "uv": 1e-3, "\u00b5v": 1e-3, "\u03bcv": 1e-3, "nv": 1e-6}


class Truth(NamedTuple):
    """Rate, length, and the samples where they are as simple to read; None where the parser can't say."""

    fs_hz: float | None
    samples: int | None
    signal_mv: NDArray[np.float64] | None
