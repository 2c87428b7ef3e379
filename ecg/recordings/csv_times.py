"""Turns times of samples (numbers, clock times or ISO 8601) into seconds, a sampling rate and gaps."""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from splkit.errors import RecordingError

TIME = re.compile(
    r"(?:elapsed |recording |sample )?"
    r"(?:time|t|timestamp|date ?time|date|elapsed|seconds?|secs?|millis(?:econds)?|zeit)"
    r"(?:[ _]?[(\[]?(?P<unit>s(?:ec(?:ond)?s?)?|m(?:illi)?s(?:ec(?:ond)?s?)?"
    r"|(?:u|\N{MICRO SIGN}|micro)s(?:ec(?:ond)?s?)?|n(?:ano)?s(?:ec(?:ond)?s?)?)[)\]]?)?"
    r"(?:[ _]?[(\[]?(?:utc|local|unix|epoch)[)\]]?)?",
    re.IGNORECASE,
)
"""Headings of a column of times. The group `unit` is the unit, if the heading gives one."""

_S_PER_UNIT = {"s": 1.0, "m": 1e-3, "u": 1e-6, "\N{MICRO SIGN}": 1e-6, "n": 1e-9}  # by first letter
_EPOCHS = ((1e17, 1e-9), (1e14, 1e-6), (1e11, 1e-3))  # Unix time after 1973: least value, unit in s
_CLOCK = re.compile(
    r"(?:(?P<day>\S*\d)[ T])?(?:(?P<h>\d{1,2}):)?(?P<m>\d{1,2}):(?P<s>\d{1,2}(?:[.,]\d*)?)", re.A
)
_ZONE = re.compile(r"\s*(Z|UTC|[+-]\d\d:?\d\d)$")
_DAY_S = 86_400.0
_WINDOW = 256  # samples; at 360 Hz, times rounded to 1 ms give the rate to 0.2 % over this many
_JITTER = 0.6  # sampling intervals that a single sample may be late; a lasting delay is a gap
_MAX_GAPS = 10_000
_SETTLED = 16  # samples before and after a jump; their medians tell a gap from a late time stamp


def seconds(values: NDArray[np.float64], heading: str) -> NDArray[np.float64]:
    """Seconds after the first time, float64[n].

    The unit is that of the heading. Without one, large values are Unix time in ms, us or ns, and others are
    s.
    """
    match = TIME.fullmatch(heading.strip())
    largest = float(np.nanmax(np.abs(values), initial=0.0))
    word = heading.strip().lower()
    if match and match["unit"]:
        scale = _S_PER_UNIT[match["unit"][0].lower()]
    elif word.startswith("milli"):
        scale = 1e-3
    else:
        scale = next((scale for least, scale in _EPOCHS if largest > least), 1.0)
    return np.asarray((values - values[0]) * scale, np.float64)


def clock_seconds(cells: Sequence[str], source: str) -> NDArray[np.float64]:
    """ISO 8601 or clock times as seconds after the first, float64[n]. Clock times may pass midnight.

    Raises:
        RecordingError: a cell is no time, or the time zone changes.
    """
    zones = {""}
    if _ZONE.search(cells[0]) or any("Z" in cell or "+" in cell for cell in cells):
        zones = {match[1] if (match := _ZONE.search(cell)) else "" for cell in cells}
    if len(zones) > 1:
        raise _no_time(f"the time zones {', '.join(sorted(zones))}", source)
    plain = [_ZONE.sub("", cell) for cell in cells] if zones != {""} else list(cells)
    try:
        points = [cell.replace(",", ".") for cell in plain] if "," in plain[0] else plain
        stamps = np.array(points, "datetime64[ns]")
        return np.asarray((stamps - stamps[0]).astype(np.float64) * 1e-9)
    except (ValueError, OverflowError):
        pass
    times_s = np.empty(len(plain))
    days = set()
    for at, cell in enumerate(plain):
        match = _CLOCK.fullmatch(cell.strip("[] "))
        if match is None or float(match["s"].replace(",", ".")) >= 60 or int(match["m"]) >= 60:
            raise _no_time(f"{cell[:40]!r} in row {at + 1}", source)
        days.add(match["day"])
        hours, second = int(match["h"] or 0), float(match["s"].replace(",", "."))
        times_s[at] = 3600 * hours + 60 * int(match["m"]) + second
    wraps = np.diff(times_s) < -_DAY_S / 2
    if len(days) not in (1, 1 + int(wraps.sum())):
        raise _no_time(f"the days {', '.join(sorted(map(str, days)))[:60]}", source)
    times_s[1:] += _DAY_S * np.cumsum(wraps)
    return np.asarray(times_s - times_s[0], np.float64)


def is_clock(cell: str) -> bool:
    """Whether a cell is a clock time, or a date with a time."""
    plain = _ZONE.sub("", cell.strip("[] "))
    return bool(_CLOCK.fullmatch(plain))


def rate_and_places(times_s: NDArray[np.float64], source: str) -> tuple[float, NDArray[np.int64]]:
    """The sampling rate in Hz, and the position of each sample in a recording at that rate.

    Positions without a sample are gaps. Time stamps may be rounded, or late by up to 0.6 of a sampling
    interval. If the times jump and later times confirm the jump, it is a gap.

    Raises:
        RecordingError: a time is missing, times run backwards, no rate explains the times, or more than half
            of the recording is missing.
    """
    if times_s.size < 2 or not np.isfinite(times_s).all():
        raise _uneven("a time for every sample is missing" if times_s.size > 1 else "one time", source)
    steps_s = np.diff(times_s)
    if (steps_s < 0).any():
        raise _uneven(f"times that run backwards after row {int(np.argmax(steps_s < 0)) + 1}", source)
    window = min(_WINDOW, max(times_s.size // 8, 1))
    step_s = float(np.median((times_s[window:] - times_s[:-window]) / window))
    if not step_s > 0:
        raise _uneven(f"the time {times_s[-1]:g} s for most of the samples", source)
    resolution_s = _resolution(times_s)
    for _ in range(2):  # a rough step finds the gaps; the step between the gaps then gives their lengths
        missed = _missed(times_s / step_s, 1.5 + resolution_s / step_s, source)
        run = np.unique(missed, return_inverse=True)[1]
        index_off, time_off = _centred(np.arange(times_s.size, dtype=np.float64), run), _centred(times_s, run)
        step_s = float(index_off @ time_off) / max(float(index_off @ index_off), 1.0)
        if not step_s > 0:
            raise _uneven("a gap after every sample", source)
    off = float(np.max(np.abs(time_off - step_s * index_off))) / step_s
    if off > max(_JITTER, 1.5 * resolution_s / step_s):
        raise _uneven(f"times off by up to {off:.3g} of a step of {step_s:.4g} s", source)
    places = np.arange(times_s.size) + missed
    if int(places[-1]) + 1 > 2 * places.size:
        raise RecordingError(
            "a recording is longer than its gaps",
            found=f"{places.size * step_s:.1f} s of samples over {np.ptp(times_s):.1f} s in {source}",
            next_step="cut it into the parts between the gaps",
        )
    return 1.0 / step_s, places


def _centred(values: NDArray[np.float64], run: NDArray[np.int64]) -> NDArray[np.float64]:
    """Each value minus the mean of its run: after a gap, the sample times need not continue the old grid."""
    return values - (np.bincount(run, values) / np.bincount(run))[run]


def _missed(times: NDArray[np.float64], jump: float, source: str) -> NDArray[np.int64]:
    """How many samples are missing before each sample, int64[n].

    `times` and `jump` are in sampling intervals.
    """
    late = times - np.arange(times.size)
    steps = np.diff(times)
    jumps = np.flatnonzero((steps > jump) | (steps < 2 - jump)) + 1
    if jumps.size > _MAX_GAPS:
        raise _uneven(f"{jumps.size:,} jumps", source)
    missed = np.zeros(times.size, np.int64)
    ends = [0, *jumps.tolist(), times.size]
    for before, at, after in zip(ends, ends[1:], ends[2:], strict=False):
        late_before = np.median(late[max(before, at - _SETTLED) : at])
        late_after = np.median(late[at : min(after, at + _SETTLED)])
        missed[at] = round(float(late_after - late_before))
        if missed[at] < 0:
            raise _uneven(f"a sample too many before row {at + 1}", source)
    return np.cumsum(missed)


def spread(values: NDArray[np.float64], places: NDArray[np.int64]) -> NDArray[np.float64]:
    """Values at their positions, float64, with NaN in the gaps."""
    if places[-1] + 1 == values.size:
        return values
    out = np.full(int(places[-1]) + 1, np.nan)
    out[places] = values
    return out


def _resolution(times_s: NDArray[np.float64]) -> float:
    """The step to which the times are rounded, from 1 us to 0.1 s, or 0 if they are not rounded."""
    for decimals in range(1, 7):
        unit = 10.0**-decimals
        if np.allclose(times_s, np.round(times_s, decimals), rtol=0, atol=1e-3 * unit):
            return unit
    return 0.0


def _uneven(found: str, source: str) -> RecordingError:
    return RecordingError(
        "times rise by the same step from sample to sample, gaps apart",
        found=f"{found} in {source}",
        next_step="resample it to even steps, or give the rate with --fs and leave the times out",
    )


def _no_time(found: str, source: str) -> RecordingError:
    return RecordingError(
        "times are numbers, 12:30:00.004, or 2024-01-31T12:30:00.004",
        found=f"{found} in {source}",
        next_step="convert the times, or give the rate with --fs and leave them out",
    )
