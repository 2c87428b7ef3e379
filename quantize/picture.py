"""Float against int8 in a picture: how far the estimates differ, and where the noise comes in."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.pictures import new_figure, save_picture


def draw_conversions(
    difference: Mapping[str, NDArray[np.float64]],
    noise_db: Mapping[str, Mapping[str, float]],
    title: str,
    path: Path,
    what: str = "mEq/L",
) -> None:
    """Draw the distribution of |int8 - float| and each layer's signal to quantization noise.

    Args:
        difference: by method, int8 less float on each test cycle, float64[n].
        noise_db: by method, signal to noise by layer.
        title: over the picture.
        path: .png, .svg or .pdf to write, the same bytes for the same figures.
        what: differs: the unit of an estimate, or a probability.

    Raises:
        ToolError: matplotlib is not installed.
    """
    figure = new_figure(9, 3.8)
    figure.suptitle(title)
    left, right = figure.subplots(1, 2)
    for method, layers in noise_db.items():
        apart = np.sort(np.abs(difference[method]))
        left.plot(apart, np.linspace(0, 100, len(apart)), label=method.upper())
        right.plot(list(layers.values()), list(layers), marker="o", label=method.upper())
    left.set(xlabel=f"|int8 - float| ({what})", ylabel="test cycles (%)", xscale="log", ylim=(0, 100))
    right.set(xlabel="signal to quantization noise (dB)")
    right.invert_yaxis()
    for axes in (left, right):
        axes.grid(alpha=0.3)
        axes.legend()
    save_picture(figure, path, dpi=100)
