"""Segments on one clock: a column a lead, as tables and records have them."""

import numpy as np

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array, Segment
from splkit.errors import RecordingError

RHYTHM = "_rhythm"
MAX_DURATION_S = 120.0
"""No page shows more: 12 rows of 10 s are 120 s."""


def columns(segments: tuple[Segment, ...]) -> dict[str, Array]:
    """Each lead's samples in mV at `SEGMENT_FS_HZ` from 0 s on, nan where not shown; one length for all.

    The twelve leads come first, in their order, whether shown or not; then others, then rhythm strips. A
    second strip of one lead is `II_rhythm2`.

    Raises:
        RecordingError: two segments of one lead overlap in time, or a page is longer than any.
    """
    end_s = max((each.start_s + len(each.signal_mv) / SEGMENT_FS_HZ for each in segments), default=0.0)
    if not 0 <= end_s <= MAX_DURATION_S or any(each.start_s < 0 for each in segments):
        raise RecordingError(
            f"a page shows 0 to {MAX_DURATION_S:g} s",
            found=f"a segment that ends at {end_s:.1f} s",
            next_step="give --speed and --layout",
        )
    starts = [round(each.start_s * SEGMENT_FS_HZ) for each in segments]
    length = max((at + len(each.signal_mv) for at, each in zip(starts, segments, strict=True)), default=0)
    made: dict[str, Array] = {lead: np.full(length, np.nan) for lead in TWELVE_LEADS}
    strips: dict[str, Array] = {}
    for at, each in zip(starts, segments, strict=True):
        name = _strip_name(each.lead, strips) if each.is_rhythm else each.lead
        into = (strips if each.is_rhythm else made).setdefault(name, np.full(length, np.nan))
        span = slice(at, at + len(each.signal_mv))
        if np.isfinite(into[span]).any():
            raise RecordingError(
                "a page shows a lead once at a time",
                found=f"two segments of {name} at {each.start_s:.2f} s",
                next_step="name the leads with --leads",
            )
        into[span] = each.signal_mv
    return made | strips


def _strip_name(lead: str, strips: dict[str, Array]) -> str:
    same = sum(name.partition(RHYTHM)[0] == lead for name in strips)
    return f"{lead}{RHYTHM}{same + 1 if same else ''}"
