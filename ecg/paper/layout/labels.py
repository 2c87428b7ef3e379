"""Lead labels: what a small network reads in a word's crop.

The network (two convolutions, two dense layers) was trained by tools/train_lead_labels.py on words drawn
in 160 free fonts. It runs in numpy: a page has some 100 words.
"""

from functools import cache
from importlib import resources
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.opencv import cv2

CLASSES: Final = (
    "", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9",
    "V3R", "V4R", "-aVR",
)  # fmt: skip
"""The empty one is "no label"."""
HEIGHT, WIDTH = 16, 48
"""Of what the network sees, in pixels: a word three times as wide as high."""


def normalize(ink: Plane) -> Plane:
    """A crop at the network's size, scaled by its height and set to the left: (HEIGHT, WIDTH), 0 to 1."""
    h, w = ink.shape
    width = min(WIDTH, max(1, round(w * HEIGHT / h)))
    how = cv2().INTER_AREA if h > HEIGHT else cv2().INTER_LINEAR
    out = np.zeros((HEIGHT, WIDTH), np.float32)
    out[:, :width] = cv2().resize(np.ascontiguousarray(ink, np.float32), (width, HEIGHT), interpolation=how)
    return out / max(0.2, float(out.max()))


@cache
def _weights() -> dict[str, Plane]:
    with (
        resources.files("splkit.ecg.paper.layout").joinpath("lead_labels.npz").open("rb") as file,
        np.load(file) as stored,
    ):
        return {name: stored[name].astype(np.float32) for name in stored.files}


def _convolve(x: Plane, kernel: Plane, bias: Plane) -> Plane:
    """3 by 3, zeros around, then ReLU and the maximum of 2 by 2. (n, h, w, channels)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    n, h, w = x.shape[:3]
    y = np.broadcast_to(bias, (n, h, w, len(bias))).copy()
    for i in range(3):
        for j in range(3):
            y += padded[:, i : i + h, j : j + w] @ kernel[i, j]
    y = np.maximum(y, 0, out=y)
    return np.asarray(y.reshape(n, h // 2, 2, w // 2, 2, -1).max(axis=(2, 4)), np.float32)


def read_words(crops: Plane) -> Array:
    """Log probability of each class for each crop.

    Args:
        crops: (n, HEIGHT, WIDTH), from `normalize`.

    Returns:
        (n, len(CLASSES)).
    """
    if not len(crops):
        return np.zeros((0, len(CLASSES)))
    w = _weights()
    x = _convolve(crops[..., None], w["conv1"], w["bias1"])
    x = _convolve(x, w["conv2"], w["bias2"])
    x = np.maximum(x.reshape(len(x), -1) @ w["dense1"] + w["bias3"], 0)
    logits = (x @ w["dense2"] + w["bias4"]).astype(np.float64)
    logits -= logits.max(axis=1, keepdims=True)
    return np.asarray(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)))
