"""Whether samples can be an ECG in the unit that they are said to have."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splkit.errors import RecordingError

if TYPE_CHECKING:
    from splkit.ecg.recordings.contents import Lead

MAX_RANGE_MV = 100.0
"""Largest range of a whole lead.

An ECG with its electrode offset and baseline wander stays below it. A/D counts, or uV taken for mV, exceed
it.
"""

MAX_TYPICAL_MV = 20.0
"""Largest median range of the stretches of 2 s.

The largest QRS complexes, in hypertrophy, are 6 to 8 mV. If the uV of a QRS complex of 1 mV are taken for
mV, it spans 1000 mV.
"""

MIN_TYPICAL_MV = 0.02
"""Smallest range of the largest tenth of the stretches of 2 s.

A QRS complex under 0.5 mV is already called low voltage. A lead that stays under 20 uV is noise, or its
unit is wrong. For example, if V are taken for mV, an ECG of 2 mV spans 0.002 mV.
"""

STRETCH_S = 2.0
"""The longest RR interval that the front end accepts, so that each stretch has a QRS complex."""


def check_amplitude(signal_mv: NDArray[np.float64], lead: "Lead", fs_hz: float, source: str) -> None:
    """Check that the range of the samples is one that an ECG can have. NaN is ignored.

    Raises:
        RecordingError: the range is that of another unit, or the unit is unknown and the samples are counts.
    """
    known = signal_mv[~np.isnan(signal_mv)]
    if not known.size or not np.isfinite(known).all() or np.ptp(known) == 0:
        return  # `Recording` says what is wrong with it
    place = f"{lead.name} of {source}"
    unit = lead.unit or "mV, as no unit is stated"
    advice = (
        f"correct the unit {lead.unit}"
        if lead.unit
        else "put the unit into the heading, as in ecg_uv, or convert A/D counts to mV"
    )
    range_mv = float(np.ptp(known))
    if range_mv > MAX_RANGE_MV:
        raise RecordingError(
            f"the samples of an ECG span {MAX_RANGE_MV:g} mV or less",
            found=f"{range_mv:g} mV in {place} (unit: {unit})",
            next_step=advice,
        )
    if lead.unit is None and range_mv >= _COUNTS_RANGE and np.array_equal(known, np.round(known)):
        raise RecordingError(
            "samples without a unit are mV",
            found=f"whole numbers from {known.min():g} to {known.max():g} in {place}, which are counts or uV",
            next_step=advice,
        )
    ranges_mv = _ranges(known, fs_hz)
    if (typical_mv := float(np.median(ranges_mv))) > MAX_TYPICAL_MV:
        raise RecordingError(
            f"an ECG spans {MAX_TYPICAL_MV:g} mV or less in most stretches of {STRETCH_S:g} s",
            found=f"{typical_mv:g} mV in {place} (unit: {unit})",
            next_step=advice,
        )
    if (largest_mv := float(np.quantile(ranges_mv, 0.9))) < MIN_TYPICAL_MV:
        raise RecordingError(
            f"an ECG spans {MIN_TYPICAL_MV * 1e3:g} uV or more in {STRETCH_S:g} s",
            found=f"{largest_mv * 1e3:.3g} uV in {place} (unit: {unit})",
            next_step=advice
            if lead.unit is None
            else f"correct the unit {lead.unit}, or choose another channel",
        )


_COUNTS_RANGE = 10
"""Whole numbers that span this range or more are not mV: an ECG of 10 mV would have fractions of mV."""


def _ranges(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """The range of each stretch of 2 s, or of the whole signal if it is shorter than 2 s."""
    length = max(min(round(STRETCH_S * fs_hz), signal_mv.size), 1)
    stretches = signal_mv[: signal_mv.size // length * length].reshape(-1, length)
    return np.asarray(np.ptp(stretches, axis=1), np.float64)
