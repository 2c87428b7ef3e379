"""How far each segment is to be trusted, from the page alone."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array, Layout, Quality, Segment, Sheet, Stroke
from splkit.ecg.paper.trace.confidence import confidence_of
from splkit.ecg.paper.trace.crossing import crossed
from splkit.ecg.paper.trace.evidence import (
    beat_hidden,
    beats_alike,
    reach_rows,
    share_elsewhere,
    strip_lag_ms,
    unexplained_ink,
)
from splkit.ecg.paper.trace.segments import signal_mv

SUMS = (("I", "III", "II"), ("aVR", "aVL", "aVF"))
"""Leads that add up, at every instant: I + III - II = 0 (Einthoven), aVR + aVL + aVF = 0 (Goldberger)."""


def judge(
    sheet: Sheet, layout: Layout, strokes: tuple[Stroke, ...], segments: tuple[Segment, ...]
) -> tuple[Segment, ...]:
    """The segments with what the page says of them; strokes and segments go by the order of the panels."""
    judged = []
    loose = unexplained_ink(sheet, layout, strokes)
    shown = [signal_mv(sheet, stroke)[1] for stroke in strokes]
    crossing = crossed(strokes)
    for which, (stroke, segment, unexplained) in enumerate(zip(strokes, segments, loose, strict=True)):
        seen = stroke.seen & np.isfinite(stroke.y)
        px_per_ms = sheet.px_per_mm_x * stroke.panel.mm_per_s / 1000
        step_px = float(stroke.x[1] - stroke.x[0]) if len(stroke.x) > 1 else 0.0
        quality = Quality(
            coverage=float(np.mean(seen)) if len(seen) else 0.0,
            residual=stroke.residual,
            hidden_ms=_longest(~seen) * step_px / px_per_ms,
            strip_correlation=_strip_correlation(segment, segments),
            einthoven_mv=_einthoven_mv(segment, segments),
            spread_mv=_spread(segment.signal_mv),
            spread_px=_spread(stroke.y),
            unexplained=unexplained.near,
            unexplained_touching=unexplained.touching,
            elsewhere=share_elsewhere(stroke, layout, sheet),
            reach_rows=reach_rows(stroke, layout, sheet),
            beats_alike=beats_alike(segment, segments),
            strip_lag_ms=strip_lag_ms(segment, segments),
            beat_hidden=beat_hidden(which, segments, shown),
            time_agreed=layout.time_agreed,
            crossed=crossing[which],
        )
        judged.append(replace(segment, quality=replace(quality, confidence=confidence_of(quality))))
    return tuple(judged)


def _spread(values: Array) -> float:
    return float(np.nanstd(values)) if np.any(np.isfinite(values)) else 0.0


def _longest(lost: npt.NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.r_[False, lost, False].astype(np.int8)))
    return int(np.max(edges[1::2] - edges[::2], initial=0))


def _common(first: Segment, others: Iterable[Segment]) -> list[Array]:
    """The signals at the time that all share, means removed; empty where that is under half a second."""
    every = [first, *others]
    start = max(s.start_s for s in every)
    end = min(s.start_s + len(s.signal_mv) / SEGMENT_FS_HZ for s in every)
    count = round((end - start) * SEGMENT_FS_HZ)
    if count < SEGMENT_FS_HZ // 2:
        return []
    cuts = []
    for segment in every:
        begin = round((start - segment.start_s) * SEGMENT_FS_HZ)
        cuts.append(segment.signal_mv[begin : begin + count])
    known = np.all([np.isfinite(cut) for cut in cuts], axis=0)
    if np.count_nonzero(known) < SEGMENT_FS_HZ // 2:
        return []
    return [cut[known] - np.mean(cut[known]) for cut in cuts]


def _strip_correlation(segment: Segment, segments: tuple[Segment, ...]) -> float | None:
    for other in segments:
        if other is not segment and other.lead == segment.lead and other.is_rhythm != segment.is_rhythm:
            common = _common(segment, [other])
            if common and min(np.std(cut) for cut in common) > 0:
                return float(np.corrcoef(common[0], common[1])[0, 1])
    return None


def _einthoven_mv(segment: Segment, segments: tuple[Segment, ...]) -> float | None:
    for leads in SUMS:
        if segment.lead not in leads:
            continue
        sign = [-1.0 if lead == "II" else 1.0 for lead in leads]
        for group in _simultaneous(segment, leads, segments):
            common = _common(group[0], group[1:])
            if common:
                total = sum(s * cut for s, cut in zip(sign, common, strict=True))
                return float(np.sqrt(np.mean(np.square(total))))
    return None


def _simultaneous(
    segment: Segment, leads: tuple[str, ...], segments: tuple[Segment, ...]
) -> list[tuple[Segment, ...]]:
    """Segments of all the leads that overlap this one in time, those of the panels before those of strips."""
    group = []
    for lead in leads:
        if lead == segment.lead:
            group.append(segment)
            continue
        found = [s for s in segments if s.lead == lead and _common(segment, [s])]
        if not found:
            return []
        group.append(min(found, key=lambda s: s.is_rhythm))
    return [tuple(group)]
