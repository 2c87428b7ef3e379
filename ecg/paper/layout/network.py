"""A small network that reads words in numpy: convolutions, then two dense layers."""

from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2

HEIGHT: Final = 16
"""Of what a network sees, in pixels."""
AT_ONCE: Final = 256
"""Crops that go through it together: what they take is bounded, and stays near the processor."""


def normalize(ink: Plane, width: int) -> Plane:
    """A crop scaled by its height and set to the left: (HEIGHT, width), 0 to 1."""
    h, w = ink.shape
    used = min(width, max(1, round(w * HEIGHT / h)))
    how = cv2().INTER_AREA if h > HEIGHT else cv2().INTER_LINEAR
    out = np.zeros((HEIGHT, width), np.float32)
    out[:, :used] = cv2().resize(np.ascontiguousarray(ink, np.float32), (used, HEIGHT), interpolation=how)
    return out / max(0.2, float(out.max()))


@cache
def _weights(name: str) -> dict[str, Plane]:
    with (
        resources.files("splkit.ecg.paper.layout").joinpath(name).open("rb") as file,
        np.load(file) as stored,
    ):
        return {key: stored[key].astype(np.float32) for key in stored.files}


def _convolve(x: Plane, kernel: Plane, bias: Plane) -> Plane:
    """3 by 3, zeros around, then ReLU and the maximum of 2 by 2. (n, h, w, channels)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    n, h, w = x.shape[:3]
    around = [padded[:, i : i + h, j : j + w] for i in range(3) for j in range(3)]
    columns = np.concatenate(around, axis=3).reshape(n * h * w, -1)
    y = (columns @ kernel.reshape(-1, len(bias)) + bias).reshape(n, h, w, -1)
    y = np.maximum(y, 0, out=y)
    return np.asarray(y.reshape(n, h // 2, 2, w // 2, 2, -1).max(axis=(2, 4)), np.float32)


def log_probabilities(name: str, crops: Plane) -> Array:
    """Of each class for each crop, by the network whose weights are in the file `name` beside this one.

    Args:
        name: a .npz of convK, biasK and denseK, in their order.
        crops: (n, HEIGHT, width), from `normalize`.

    Returns:
        (n, classes).
    """
    w = _weights(name)
    parts = [_log_probabilities(w, crops[k : k + AT_ONCE]) for k in range(0, len(crops), AT_ONCE)]
    return np.concatenate(parts)


def _log_probabilities(w: dict[str, Plane], crops: Plane) -> Array:
    convolutions = sum(key.startswith("conv") for key in w)
    x = crops[..., None]
    for k in range(1, convolutions + 1):
        x = _convolve(x, w[f"conv{k}"], w[f"bias{k}"])
    x = np.maximum(x.reshape(len(x), -1) @ w["dense1"] + w[f"bias{convolutions + 1}"], 0)
    logits = (x @ w["dense2"] + w[f"bias{convolutions + 2}"]).astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))
