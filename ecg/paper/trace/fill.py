"""Fill short hidden spans of a lead with what the same lead does at the same place of another beat."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Array

Mask = npt.NDArray[np.bool_]

LONGEST_MS = 80.0
"""A longer span is left as it was bridged: more of a beat than this cannot be told from its surroundings."""
CONTEXT_MS = 100.0
"""Of the lead itself beside the span, by which the place in the other beat is found."""
AROUND_MS = 60.0
"""Of other leads before and after the span, where they are seen at the same time."""
ALIKE = 0.15
"""Highest misfit, as a share of the variance, at which two places are taken for the same."""

NEARLY = 2.0
"""Places whose misfit is up to so many times the least are about as likely:"""
DOUBT = 0.1
"""where one shows something else, by this share of the lead's own signal (10 dB), nothing is filled."""


class Timed(NamedTuple):
    """A lead on the clock of the record, SEGMENT_FS_HZ samples a second."""

    start: int
    """Number of its first sample."""
    mv: Array
    seen: Mask


def fill_hidden(leads: list[Timed]) -> list[Array]:
    """The signals, hidden spans filled where another beat shows what they hide.

    A place of another beat is the same where this lead beside the span, and all leads that are seen at the
    time of the span (a rhythm strip), look alike. What is copied is joined to the seen ends of the span.
    A level stretch beside a span looks alike in many places: where no other lead is seen at that time, and
    these show different things in place of the span, it stays bridged.
    """
    return [_fill_one(k, leads) for k in range(len(leads))]


def _fill_one(which: int, leads: list[Timed]) -> Array:
    lead = leads[which]
    signal = lead.mv.copy()
    for begin, end in _spans(~lead.seen):
        if end - begin > LONGEST_MS / 1000 * SEGMENT_FS_HZ:
            continue
        found = _copy(which, leads, begin, end)
        if found is not None:
            signal[begin:end] = found
    return signal


def _spans(mask: Mask) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, mask, False].astype(np.int8)))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _copy(which: int, leads: list[Timed], begin: int, end: int) -> Array | None:
    lead = leads[which]
    context = int(CONTEXT_MS / 1000 * SEGMENT_FS_HZ)
    left, right = max(0, begin - context), min(len(lead.mv), end + context)
    beside = np.r_[left:begin, end:right]
    beside = beside[lead.seen[beside]]
    if len(beside) < context // 2:
        return None
    shifts = np.arange(-left, len(lead.mv) - right + 1)
    shifts = shifts[np.abs(shifts) > context]
    usable = (
        np.convolve(~lead.seen, np.ones(right - left), "valid")[shifts + left] == 0 if len(shifts) else shifts
    )
    shifts = shifts[usable.astype(bool)]
    if not len(shifts):
        return None
    misfit = own = _misfit(lead.mv, beside, shifts)
    for other in leads[:which] + leads[which + 1 :]:
        misfit = misfit + _misfit_of_other(other, lead.start + begin, lead.start + end, shifts)
    is_alone = np.array_equal(misfit, own)
    best = int(np.argmin(misfit))
    if not misfit[best] < ALIKE:
        return None
    found = _joined(lead.mv, begin, end, int(shifts[best]), lead.seen)
    likely = shifts[misfit <= NEARLY * misfit[best]].tolist()
    others = [_joined(lead.mv, begin, end, shift, lead.seen) for shift in likely]
    return None if found is None or (is_alone and _is_doubtful(found, others, lead.mv)) else found


def _is_doubtful(found: Array, others: list[Array | None], mv: Array) -> bool:
    """Whether another place shows something else than the one that was found."""
    energy = float(np.nansum((mv - np.nanmedian(mv)) ** 2))
    return any(other is not None and float(np.sum((other - found) ** 2)) > DOUBT * energy for other in others)


def _misfit(mv: Array, places: npt.NDArray[np.int64], shifts: npt.NDArray[np.int64]) -> Array:
    """Variance of the difference between a signal and itself shifted, as a share of its variance there."""
    here, there = mv[places], mv[places[None, :] + shifts[:, None]]
    scale = np.var(here) + np.var(there, axis=1) + 0.02 * np.nanvar(mv) + 1e-6
    return np.asarray(np.var(there - here, axis=1) / scale)


def _misfit_of_other(other: Timed, begin: int, end: int, shifts: npt.NDArray[np.int64]) -> Array:
    """The same of a lead that is seen at the time of the span and of all its shifts; else nothing."""
    around = int(AROUND_MS / 1000 * SEGMENT_FS_HZ)
    places = np.arange(begin - around, end + around) - other.start
    first, last = places[0] + shifts.min(), places[-1] + shifts.max()
    inside = (places >= 0) & (places < len(other.mv))
    if first < 0 or last >= len(other.mv) or not np.all(inside) or not np.all(other.seen[places]):
        return np.zeros(len(shifts))
    return _misfit(other.mv, places, shifts)


def _joined(mv: Array, begin: int, end: int, shift: int, seen: Mask) -> Array | None:
    """The other place's samples, level with what is seen beside the span; None where nothing is."""
    copied = mv[begin + shift : end + shift]
    offsets, at = [], []
    near = 3
    for place, index in ((begin - near, begin), (end, end - 1)):
        beside = np.arange(place, place + near)
        if place >= 0 and place + near <= len(mv) and np.all(seen[beside]):
            offsets.append(float(np.mean(mv[beside] - mv[beside + shift])))
            at.append(index - begin)
    return np.asarray(copied + np.interp(np.arange(end - begin), at, offsets)) if at else None
