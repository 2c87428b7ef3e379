"""Lead labels: what a small network reads in a word's crop.

The network (two convolutions, two dense layers) was trained by tools/train_lead_labels.py on words drawn
in 160 free fonts. It runs in numpy: a page has some 100 words.
"""

from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Plane
from splkit.ecg.paper.layout.network import log_probabilities

CLASSES: Final = (
    "", "I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V8", "V9",
    "V3R", "V4R", "-aVR",
)  # fmt: skip
"""The empty one is "no label"."""
WIDTH: Final = 48
"""Of what the network sees, in pixels: a word three times as wide as high."""


def read_words(crops: Plane) -> Array:
    """Log probability of each class for each crop.

    Args:
        crops: (n, HEIGHT, WIDTH), from `network.normalize`.

    Returns:
        (n, len(CLASSES)).
    """
    if not len(crops):
        return np.zeros((0, len(CLASSES)))
    return log_probabilities("lead_labels.npz", crops)
