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
    "sum of leads, as a share of the signal",
    "log10 of the signal's spread in pixels",
    "log10 of unexplained ink near",
    "log10 of unexplained ink that touches",
    "share nearer to another row",
    "beats: 1 - correlation with other leads",
    "log10 of the reach in row distances",
)
COEFFICIENTS: Final = (-3.22, -3.77, 0.0, -0.45, -0.18, -3.66, 2.02, -0.99, -2.65, -0.95, -2.25, -1.62)
"""Of FEATURES: the regression of bench/paper_confidence.py on 1524 segments of the 22 paired pages, clean and
distorted, and of 76 drawn pages of seeds 900 to 935, 1000 to 1035 and 1100 to 1123 (simulated), read before
any step was tuned on them. The bias is lowered until, on pages left out of the fit, 1 in 200 of those called
good is under 10 dB."""

AGAINST: Final = 0.5
"""Highest confidence of a segment that one witness alone contradicts:"""
MOST_UNEXPLAINED = 0.3
"""ink near the trace that nothing explains, as a share of its own ink: a lost QRS, or a person's words,"""
MOST_SUM = 0.5
"""what the leads that add up leave, as a share of the signal,"""
LEAST_ALIKE = 0.6
"""the correlation of its steep places with those of the other leads,"""
MOST_HIDDEN = 0.07
"""the share of the signal that lies where a bar hides it, as a strip has it: 11.5 dB at best,"""
LEAST_LIKE_STRIP = 0.92
"""the correlation with the strip of the same lead: if that is right, 8 dB,"""
MOST_CROSSED = 0.35
"""the share of the signal that lies where rows cross, as of tall QRS: of 28 drawn segments above it 21 were
under 12 dB, however well their strokes were the ink,"""
MOST_LAG_MS = 40.0
"""or how far its beats stand beside those of the rhythm strip. Where one witness alone says when time begins
(`Quality.time_agreed`), all segments of the page are contradicted."""


def features(quality: Quality) -> Array:
    """What the confidence is made of, in the order of FEATURES."""
    strip, alike = quality.strip_correlation, quality.beats_alike
    return np.array(
        [
            1.0,
            np.log10(np.clip(quality.residual, 0.01, 1.0)),
            1.0 - quality.coverage,
            np.log10(1.0 + quality.hidden_ms / 20.0),
            0.0 if strip is None else np.clip(1.0 - strip, 0.0, 1.0),
            np.clip(_sum_share(quality), 0.0, 1.0),
            np.log10(np.clip(quality.spread_px, 0.3, 100.0)),
            np.log10(1.0 + 10.0 * quality.unexplained),
            np.log10(1.0 + 10.0 * quality.unexplained_touching),
            np.sqrt(quality.elsewhere),
            0.0 if alike is None else 1.0 - alike,
            np.log10(np.clip(quality.reach_rows, 0.1, 5.0)),
        ]
    )


def _sum_share(quality: Quality) -> float:
    return 0.0 if quality.einthoven_mv is None else quality.einthoven_mv / max(quality.spread_mv, 1e-3)


def confidence_of(quality: Quality) -> float:
    """Probability of at least 10 dB; 0 where nothing was read, AGAINST at most where a witness objects."""
    if not np.isfinite(quality.residual) or quality.coverage <= 0:
        return 0.0
    made = float(1.0 / (1.0 + np.exp(-(features(quality) @ np.array(COEFFICIENTS)))))
    contradicted = (
        not quality.time_agreed
        or quality.unexplained > MOST_UNEXPLAINED
        or _sum_share(quality) > MOST_SUM
        or quality.beat_hidden > MOST_HIDDEN
        or (quality.strip_correlation is not None and quality.strip_correlation < LEAST_LIKE_STRIP)
        or quality.crossed > MOST_CROSSED
        or abs(quality.strip_lag_ms or 0.0) > MOST_LAG_MS
        or (quality.beats_alike is not None and quality.beats_alike < LEAST_ALIKE)
    )
    return min(made, AGAINST) if contradicted else made
