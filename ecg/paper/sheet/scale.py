"""Which lines are millimetres: 1, 5 and 25 mm lines are told by how they alternate, else by their spacing."""

from dataclasses import dataclass

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.errors import RecordingError


class AmbiguousScaleError(RecordingError):
    """Lines that may be 1, 5 or 25 mm apart."""

    px_per_mm: tuple[float, ...] = ()
    """What they then say."""


PX_PER_MM_RANGE = (3.3, 24.0)
"""What pages are scanned at: 3.5 to 16 px/mm and some more, 84 to 600 dpi."""
USUAL_MM, POSSIBLE_MM = (120.0, 330.0), (60.0, 450.0)
"""Length of the longer side of an ECG on paper: of most, from 4 s to a sheet of A4, and of nearly all."""
EVERY_FIFTH = 0.12
"""Amplitude, of the lines' own, of an alternation in fives; lines rounded to whole pixels stay under 0.1."""
OTHER_HARMONIC = 0.25
"""The same where the wave that was followed is a harmonic of the lines other than the fifth."""
ANOTHER_LINE = 0.4
"""Contrast of a line, of that of the darkest, from which it is one of the same kind."""
FAINT_LINES = 0.03
"""Contrast of 1 mm lines, of that of the 5 mm lines, from which they count."""
STATED_TOLERANCE = 0.15
BINS = 100


@dataclass(frozen=True)
class Profile:
    """How dark the grid is across the lines of each family, the mean along them; (n,) each."""

    across_upright: Array
    across_level: Array
    px_per_cycle: float
    """Samples of the profiles in one period of the wave that was followed."""

    def both(self) -> tuple[Array, Array]:
        """Upright, then level."""
        return self.across_upright, self.across_level


@dataclass(frozen=True)
class Scale:
    """What one cycle of the wave is on paper."""

    mm_per_cycle: float
    cross_cycles: tuple[float, float]
    """Cycles at which a 5 mm line lies, upright and level."""
    has_1_mm_lines: bool


def settle_scale(
    profile: Profile,
    px_per_cycle: float,
    side_px: float,
    stated: float | None,
    hint: float | None,
    source: str,
) -> Scale:
    """Decide what the lines are.

    Args:
        px_per_cycle: pixels of the page in one cycle.
        side_px: the longer side of the gridded part of the page.
        stated: px/mm that a person gave; the lines must agree with it.
        hint: px/mm that the file gives; it decides only between what the lines allow.

    Raises:
        AmbiguousScaleError: nothing tells which of several scales it is.
        RecordingError: the scale contradicts the person.
    """
    lines = _fundamental(profile)
    has_finer, has_coarser = _has_fifths(profile, lines), _alternation(profile, lines, 5) > EVERY_FIFTH
    spacing_px = px_per_cycle * lines
    # Finer lines than a page's millimetres can be are noise.
    has_finer = has_finer and spacing_px / 5 >= PX_PER_MM_RANGE[0]
    if has_finer and has_coarser:
        readings: tuple[float, ...] = (5.0,)
    elif has_finer:
        readings = (5.0, 25.0)
    else:
        readings = (1.0, 5.0)
    possible = [mm for mm in readings if PX_PER_MM_RANGE[0] <= spacing_px / mm <= PX_PER_MM_RANGE[1]]
    told = stated if stated is not None else hint
    if stated is not None:
        advised = possible or readings
        possible = [mm for mm in readings if abs(stated * mm / spacing_px - 1) < STATED_TOLERANCE]
        if not possible:
            raise RecordingError(
                "grid: --px-per-mm agrees with the lines of the page",
                found=f"{stated:g} px/mm, and lines {spacing_px:.1f} px apart in {source}",
                next_step=f"give {' or '.join(f'{spacing_px / mm:.2f}' for mm in advised)}, or leave it out",
            )
    elif len(possible) > 1 and (has_finer or has_coarser):
        # Rows of traces may alternate with the lines: they make no page of under POSSIBLE_MM.
        usual = [mm for mm in possible if _within(side_px * mm / spacing_px, USUAL_MM)]
        is_page = _within(side_px * possible[0] / spacing_px, POSSIBLE_MM)
        possible = possible[:1] if is_page or len(usual) != 1 else usual
    elif len(possible) > 1:
        possible = _by_size(possible, spacing_px, side_px)
        if len(possible) != 1 and told is not None:
            possible = [mm for mm in readings if abs(told * mm / spacing_px - 1) < STATED_TOLERANCE]
    if len(possible) != 1:
        px_per_mm = tuple(spacing_px / mm for mm in sorted(readings, reverse=True))
        numbers = " or ".join(f"{each:.2f}" for each in px_per_mm)
        ambiguous = AmbiguousScaleError(
            "grid: the spacing of the lines tells what a millimetre is",
            found=f"scale ambiguous: {numbers} px/mm, from lines {spacing_px:.1f} px apart in {source}",
            next_step="give --px-per-mm",
        )
        ambiguous.px_per_mm = px_per_mm
        raise ambiguous
    mm_per_cycle = possible[0] / lines
    cross = tuple(_darkest(one, profile.px_per_cycle, 5 / mm_per_cycle) for one in profile.both())
    has_1_mm_lines = has_finer if possible[0] == 5 else possible[0] == 1
    return Scale(mm_per_cycle, (cross[0], cross[1]), has_1_mm_lines)


def _by_size(readings: list[float], spacing_px: float, side_px: float) -> list[float]:
    """The one reading of a paper as long as usual, if no other is even possible; else all."""

    lengths_mm = {mm: side_px * mm / spacing_px for mm in readings}
    possible = [mm for mm in readings if _within(lengths_mm[mm], POSSIBLE_MM)]
    return possible if len(possible) == 1 and _within(lengths_mm[possible[0]], USUAL_MM) else readings


def _within(length_mm: float, limits_mm: tuple[float, float]) -> bool:
    return limits_mm[0] <= length_mm <= limits_mm[1]


def _fundamental(profile: Profile) -> int:
    """Cycles of the wave from line to line: above 1 where the wave is a harmonic of the lines."""
    lines = 1
    while True:
        # Of the ninth harmonic every third stands alone as well, less clearly.
        alone = [
            n
            for n in (9, 7, 3, 2)
            if _stands_alone(profile, lines, n) and _alternation(profile, lines, n) >= OTHER_HARMONIC
        ]
        if not alone:
            return lines
        lines *= alone[0]


def _stands_alone(profile: Profile, lines: int, n: int) -> bool:
    """True where only every n-th place of a line has one."""
    if len(profile.across_upright) < 2 * n * lines * profile.px_per_cycle:
        return False
    return max(_contrasts(profile, n * lines, n)) < ANOTHER_LINE


def _contrasts(profile: Profile, lines: int, n: int) -> list[float]:
    """How far the n - 1 places between two lines stand out, as a share of how far lines do."""
    folded = np.mean([_fold(one, profile.px_per_cycle, lines) for one in profile.both()], axis=0)
    main = folded[:3].max() - np.quantile(folded, 0.25)
    between = [
        _near(folded, k / n).max()
        - (folded[int((k - 0.5) / n * BINS)] + folded[int((k + 0.5) / n * BINS) % BINS]) / 2
        for k in range(1, n)
    ]
    return [float(one / max(main, 1e-12)) for one in between]


def _alternation(profile: Profile, lines: int, n: int) -> float:
    """How much every n-th line differs: amplitude at j / n of the lines' frequency, over that of the lines.

    The mean over all j that share no factor with n; both families must show it.
    """
    coprime = [j for j in range(1, n) if np.gcd(j, n) == 1]
    ratios = []
    for one in profile.both():
        if len(one) < 2.5 * n * lines * profile.px_per_cycle:
            return 0.0
        whole = _peak(one, profile.px_per_cycle, 1 / lines)
        between = [_peak(one, profile.px_per_cycle, j / n / lines) for j in coprime]
        ratios.append(np.mean(between) / max(whole, 1e-12))
    return float(np.sqrt(ratios[0] * ratios[1]))


def _peak(one: Array, px_per_cycle: float, frequency: float) -> float:
    """Amplitude above twice that of the frequencies beside it, where traces have theirs."""
    apart = px_per_cycle / len(one)
    beside = [_amplitude(one, px_per_cycle, frequency + step * apart) for step in (-5, -4, -3, 3, 4, 5)]
    return max(_amplitude(one, px_per_cycle, frequency) - 2 * float(np.median(beside)), 0.0)


def _amplitude(one: Array, px_per_cycle: float, frequency: float) -> float:
    at = np.arange(len(one)) / px_per_cycle
    window = np.hanning(len(one))
    flat = (one - np.average(one, weights=window)) * window
    return float(np.abs(flat @ np.exp(-2j * np.pi * frequency * at)) / window.sum())


def _has_fifths(profile: Profile, lines: int) -> bool:
    """True where four finer lines stand between two lines, in the mean of both families."""
    return min(_contrasts(profile, lines, 5)) > FAINT_LINES


def _near(folded: Array, place: float) -> Array:
    middle = round(place * BINS)
    return folded[middle - 3 : middle + 4]


def _fold(one: Array, px_per_cycle: float, lines: int) -> Array:
    """(BINS,) median over all periods, the darkest first."""
    period = px_per_cycle * lines
    count = int(len(one) / period)
    at = (np.arange(count)[:, None] + np.arange(BINS) / BINS) * period
    folded = np.mean(np.interp(at, np.arange(len(one)), one), axis=0)
    return np.asarray(np.roll(folded, -int(np.argmax(folded))))


def _darkest(one: Array, px_per_cycle: float, cycles: float) -> float:
    """Cycles to the first of the darkest lines that are `cycles` apart: a whole number."""
    whole = max(round(cycles), 1)
    at = np.arange(int(len(one) / px_per_cycle)) * px_per_cycle
    heights = np.interp(at, np.arange(len(one)), one)
    return float(np.argmax([heights[k::whole].mean() for k in range(min(whole, len(heights)))]))
