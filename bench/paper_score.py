"""How near digitized leads are to the signals that were printed; docs/paper.md has the rule."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MAX_SHIFT_MS, STEP_MS = 5.0, 0.5
FAR_SHIFT_MS, FAR_STEP_MS = 400.0, 2.0
"""How far a wrong place in time is looked for."""
MIN_SHARE = 0.5
"""A segment of which less was read counts as unread."""
GAP_S = 0.02
EDGE_S = 0.006
"""A digitized lead may begin and end so much beside its truth."""


@dataclass(frozen=True)
class Truth:
    """What was printed in one panel: `start_s` on the record's clock, mV at `fs_hz`."""

    lead: str
    is_rhythm: bool
    start_s: float
    fs_hz: float
    signal_mv: Array

    @property
    def name(self) -> str:
        """As a column of the CSV is called."""
        return f"{self.lead}_rhythm" if self.is_rhythm else self.lead

    @property
    def time_s(self) -> Array:
        """Of each sample."""
        return self.start_s + np.arange(len(self.signal_mv)) / self.fs_hz


@dataclass(frozen=True)
class Read:
    """A digitized lead: the samples that are known."""

    time_s: Array
    signal_mv: Array

    def at(self, time_s: Array) -> tuple[Array, NDArray[np.bool_]]:
        """Linear interpolation, and where there is anything to interpolate."""
        value = np.interp(time_s, self.time_s, self.signal_mv)
        after = np.clip(np.searchsorted(self.time_s, time_s), 1, len(self.time_s) - 1)
        gap_s = max(GAP_S, 3 * float(np.median(np.diff(self.time_s))))
        known = np.diff(self.time_s)[after - 1] <= gap_s
        known &= (time_s >= self.time_s[0] - EDGE_S) & (time_s <= self.time_s[-1] + EDGE_S)
        return value, known


def snr_db(truth: Truth, read: Read | None, max_shift_ms: float = MAX_SHIFT_MS) -> tuple[float, float] | None:
    """10 log10(sum x^2 / sum (x - y)^2) without means, at the best shift; and that shift in ms.

    A sample that was not read counts as the mean of those that were. None where under half was read.
    """
    if read is None or len(read.time_s) < 10:
        return None
    x = truth.signal_mv - truth.signal_mv.mean()
    step = STEP_MS if max_shift_ms <= MAX_SHIFT_MS else FAR_STEP_MS
    best: tuple[float, float] | None = None
    for shift_ms in np.arange(-max_shift_ms, max_shift_ms + 1e-9, step):
        y, known = read.at(truth.time_s + shift_ms / 1000)
        if known.mean() < MIN_SHARE:
            continue
        y = np.where(known, y - y[known].mean(), 0.0)
        error = float(np.sum((x - (y - y.mean())) ** 2))
        if best is None or error < best[0]:
            best = error, float(shift_ms)
    if best is None or not np.any(x):
        return None
    return 10 * float(np.log10(np.sum(x**2) / max(best[0], 1e-12))), best[1]


EDGE_MS = 60.0


def edge_share(truth: Truth, read: Read, shift_ms: float) -> float:
    """The share of the squared error that lies in the first and last 60 ms, where separators are."""
    y, known = read.at(truth.time_s + shift_ms / 1000)
    y = np.where(known, y - y[known].mean(), 0.0)
    error = (truth.signal_mv - truth.signal_mv.mean() - (y - y.mean())) ** 2
    width = round(EDGE_MS / 1000 * truth.fs_hz)
    return float((error[:width].sum() + error[-width:].sum()) / max(error.sum(), 1e-12))


@dataclass(frozen=True)
class Beat:
    """One beat, digitized against true."""

    t_over_r: float
    """Difference of the two ratios."""
    r_ms: float
    """Distance of the two R peaks."""
    correlation: float


BEFORE_S, AFTER_S = 0.25, 0.45
T_FROM_S, T_TO_S = 0.15, 0.45
ISO_FROM_S, ISO_TO_S = -0.1, -0.05
R_REACH_S = 0.03
MIN_R_MV = 0.2
"""Below, R is no measure of anything."""


def beats(truth: Truth, read: Read | None, r_s: Array, shift_ms: float = 0.0) -> list[Beat]:
    """The beats of a segment whose R peaks lie at `r_s`; those that reach out of it are left out.

    The digitized lead is moved earlier by `shift_ms`, as `snr_db` found it.
    """
    if read is None or len(read.time_s) < 10:
        return []
    around = np.arange(-BEFORE_S, AFTER_S, 0.001)
    made = []
    for at in r_s:
        time_s = at + around
        if time_s[0] < truth.time_s[0] or time_s[-1] > truth.time_s[-1]:
            continue
        x = np.interp(time_s, truth.time_s, truth.signal_mv)
        y, known = read.at(time_s + shift_ms / 1000)
        if not known.all():
            continue
        (x_r, x_ratio), (y_r, y_ratio) = (_waves(around, each, x) for each in (x, y))
        if abs(_height(around, x)) >= MIN_R_MV:
            correlation = float(np.corrcoef(x, y)[0, 1]) if np.ptp(y) > 0 else 0.0
            made.append(Beat(y_ratio - x_ratio, (y_r - x_r) * 1000, correlation))
    return made


def _height(around: Array, beat: Array) -> float:
    near = np.abs(around) <= R_REACH_S
    from_iso = beat - _iso(around, beat)
    return float(from_iso[near][np.abs(from_iso[near]).argmax()])


def _iso(around: Array, beat: Array) -> float:
    return float(np.median(beat[(around >= ISO_FROM_S) & (around <= ISO_TO_S)]))


def _waves(around: Array, beat: Array, true: Array) -> tuple[float, float]:
    """Where R is, and T over R; which way they point is the true beat's."""
    near = np.flatnonzero(np.abs(around) <= R_REACH_S)
    late = np.flatnonzero((around >= T_FROM_S) & (around <= T_TO_S))
    true_mv, mv = true - _iso(around, true), beat - _iso(around, beat)
    r_sign = np.sign(true_mv[near][np.abs(true_mv[near]).argmax()])
    t_sign = np.sign(true_mv[late][np.abs(true_mv[late]).argmax()])
    r = near[int((mv[near] * r_sign).argmax())]
    t_mv = float((mv[late] * t_sign).max()) * t_sign
    return float(around[r]), t_mv / max(abs(float(mv[r])), 1e-3)
