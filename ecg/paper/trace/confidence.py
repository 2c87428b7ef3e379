"""One number for how far a segment is to be trusted: the probability that it is at least 10 dB."""

from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Array, Quality

FEATURES: Final = (
    "bias",
    "log10 residual",
    "share that no ink shows",
    "log10 of hidden time",
    "strip: 1 - correlation",
    "strip: none",
    "sum of leads in mV",
    "sum of leads: none",
)
COEFFICIENTS: Final = (2.0, -3.0, -10.0, -1.0, -8.0, 0.0, -8.0, 0.0)
"""Of FEATURES, set by hand and too trusting: bench/paper_confidence.py found 97 of 595 segments that they
call good under 10 dB, on drawn and paired pages. Its fit calls next to none good: they tell too little."""


def features(quality: Quality) -> Array:
    """What the confidence is made of, in the order of FEATURES."""
    strip, einthoven = quality.strip_correlation, quality.einthoven_mv
    return np.array(
        [
            1.0,
            np.log10(np.clip(quality.residual, 0.01, 1.0)),
            1.0 - quality.coverage,
            np.log10(1.0 + quality.hidden_ms / 20.0),
            0.0 if strip is None else np.clip(1.0 - strip, 0.0, 1.0),
            float(strip is None),
            0.0 if einthoven is None else np.clip(einthoven, 0.0, 0.5),
            float(einthoven is None),
        ]
    )


def confidence_of(quality: Quality) -> float:
    """Probability of at least 10 dB; 0 where nothing was read."""
    if not np.isfinite(quality.residual) or quality.coverage <= 0:
        return 0.0
    return float(1.0 / (1.0 + np.exp(-(features(quality) @ np.array(COEFFICIENTS)))))
