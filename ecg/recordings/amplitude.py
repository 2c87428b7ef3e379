"""Whether samples can be an ECG in the unit that they are said to have."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splkit.errors import RecordingError

if TYPE_CHECKING:
    from splkit.ecg.recordings.contents import Lead

MAX_RANGE_MV = 100.0
"""Of a whole lead: an ECG with its electrode offset and wander stays within it; A/D counts and uV do not."""

MAX_TYPICAL_MV = 20.0
"""Of most stretches of 2 s. The largest QRS complexes of hypertrophy are 6 to 8 mV; a smaller one of 1 mV,
whose uV are taken for mV, spans 1000."""

MIN_TYPICAL_MV = 0.02
"""Of the tenth of the stretches that are largest. A QRS complex under 0.5 mV is called low voltage; a lead
that stays under 20 uV is noise, or mV taken for uV, or V taken for mV (an ECG of 2 mV then spans 0.002)."""

STRETCH_S = 2.0
"""Longer than any RR interval that the front end takes, so that each stretch has a QRS complex."""


def check_amplitude(signal_mv: NDArray[np.float64], lead: "Lead", fs_hz: float, source: str) -> None:
    """Hold the samples to what an ECG can span, NaN left out.

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
"""Whole numbers over so wide a range are no mV: an ECG of 10 mV has samples between them."""


def _ranges(signal_mv: NDArray[np.float64], fs_hz: float) -> NDArray[np.float64]:
    """The range of each stretch of 2 s; of the whole, where that is shorter."""
    length = max(min(round(STRETCH_S * fs_hz), signal_mv.size), 1)
    stretches = signal_mv[: signal_mv.size // length * length].reshape(-1, length)
    return np.asarray(np.ptp(stretches, axis=1), np.float64)
