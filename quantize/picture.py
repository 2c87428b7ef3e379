"""Float against int8 in a picture: how far the estimates differ, and where the noise comes in."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.pictures import new_figure, save_picture
from splkit.quantize.card import Conversion


def draw_conversions(
    difference_meq_l: Mapping[str, NDArray[np.float64]],
    conversions: Sequence[Conversion],
    title: str,
    path: Path,
) -> None:
    """Draw the distribution of |int8 - float| and each layer's signal to quantization noise.

    Args:
        difference_meq_l: by method, int8 less float on each test cycle, float64[n].
        conversions: the methods' figures.
        title: over the picture.
        path: .png, .svg or .pdf to write, the same bytes for the same figures.

    Raises:
        ToolError: matplotlib is not installed.
    """
    figure = new_figure(9, 3.8)
    figure.suptitle(title)
    left, right = figure.subplots(1, 2)
    for one in conversions:
        apart = np.sort(np.abs(difference_meq_l[one.method]))
        left.plot(apart, np.linspace(0, 100, len(apart)), label=one.method.upper())
        right.plot(list(one.noise_db.values()), list(one.noise_db), marker="o", label=one.method.upper())
    left.set(xlabel="|int8 - float| (mEq/L)", ylabel="test cycles (%)", xscale="log", ylim=(0, 100))
    right.set(xlabel="signal to quantization noise (dB)")
    right.invert_yaxis()
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    save_picture(figure, path, dpi=100)
