"""ECGs with their blood tests out of MIMIC-IV: the table that `splkit train --pairs` reads.

MIMIC-IV-ECG lists its ECGs in record_list.csv; MIMIC-IV has the blood tests in hosp/labevents.csv.gz. Both
are shifted in time alike, patient by patient (mimic.mit.edu/docs/iv/modules/ecg/record_list).
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from splkit.errors import UsageError
from splkit.progress import Advance, ignore_progress
from splkit.train.mimic_labs import POTASSIUM_ITEMS, LeftOut, judge, seconds
from splkit.train.mimic_pairs import MimicPair, Pairing
from splkit.train.mimic_tables import labs_table, records_table


class _Drawn(NamedTuple):
    """A blood test as one ECG sees it; of two, the lesser is taken."""

    distance_s: int
    time_s: int
    rank: int
    potassium_meq_l: float


@dataclass(slots=True)
class _Ecg:
    time_s: int
    record: str
    nearest: _Drawn | None = None


def pair_mimic(
    ecg_dir: Path,
    labs: Path,
    within_min: int = 60,
    advance: Advance = ignore_progress,
    *,
    keep_hemolysed: bool = False,
) -> Pairing:
    """Gives every ECG the potassium drawn nearest to it in time, the earlier one of two that are as near.

    One pass over the blood tests, in whatever order, in memory that grows with the ECGs alone. A blood test
    may serve several ECGs. What `splkit.train.mimic_labs.judge` does not believe is left out beforehand.

    Args:
        ecg_dir: holds record_list.csv.
        labs: labevents.csv.gz, packed or not.
        within_min: minutes that may lie between ECG and draw, either way; that many still count.
        advance: megabytes of `labs`; in all `labs_table(labs).megabytes`.
        keep_hemolysed: pay no attention to comments.

    Raises:
        RecordingError: a file is missing or damaged, or lacks a column.
        UsageError: there is no pair.
    """
    left_out = Counter[LeftOut]()
    by_patient = _read_ecgs(ecg_dir, left_out)
    rank = {item: place for place, item in enumerate(POTASSIUM_ITEMS)}
    tests = 0
    for patient, item, time, number, unit, comment in labs_table(labs).rows(advance):
        if item not in rank or patient not in by_patient:
            continue
        tests += 1
        potassium_meq_l = judge(number, unit, "" if keep_hemolysed else comment)
        time_s = seconds(time)
        if isinstance(potassium_meq_l, LeftOut):
            left_out[potassium_meq_l] += 1
        elif time_s is None:
            left_out[LeftOut.WITHOUT_TIME] += 1
        else:
            drawn = _Drawn(0, time_s, rank[item], potassium_meq_l)
            _offer(by_patient[patient], drawn, within_min * 60)
    every = [ecg for ecgs in by_patient.values() for ecg in ecgs]
    listed = len(every) + left_out[LeftOut.ECG_TWICE] + left_out[LeftOut.ECG_WITHOUT_TIME]
    left_out[LeftOut.ECG_ALONE] = sum(ecg.nearest is None for ecg in every)
    told = {why: left_out[why] for why in LeftOut if left_out[why]}
    pairing = Pairing(tuple(_pairs(by_patient)), ecg_dir, listed, len(by_patient), tests, told)
    if not pairing.pairs:
        raise _no_pair(pairing, within_min)
    return pairing


def _read_ecgs(ecg_dir: Path, left_out: Counter[LeftOut]) -> dict[str, list[_Ecg]]:
    """The ECGs of every patient by time; those that cannot be used are counted in `left_out`."""
    by_patient: dict[str, list[_Ecg]] = {}
    listed = set[str]()
    for patient, time, record in records_table(ecg_dir).rows():
        time_s = seconds(time)
        if record in listed:
            left_out[LeftOut.ECG_TWICE] += 1
        elif time_s is None:
            left_out[LeftOut.ECG_WITHOUT_TIME] += 1
        else:
            by_patient.setdefault(patient, []).append(_Ecg(time_s, record))
        listed.add(record)
    for ecgs in by_patient.values():
        ecgs.sort(key=attrgetter("time_s", "record"))
    return by_patient


def _offer(ecgs: list[_Ecg], drawn: _Drawn, within_s: int) -> None:
    """Gives a blood test to those ECGs of its patient to which none is nearer."""
    time_of = attrgetter("time_s")
    first = bisect_left(ecgs, drawn.time_s - within_s, key=time_of)
    last = bisect_right(ecgs, drawn.time_s + within_s, key=time_of)
    for ecg in ecgs[first:last]:
        offered = drawn._replace(distance_s=abs(drawn.time_s - ecg.time_s))
        ecg.nearest = offered if ecg.nearest is None else min(offered, ecg.nearest)


def _pairs(by_patient: dict[str, list[_Ecg]]) -> Iterator[MimicPair]:
    for patient in sorted(by_patient):
        for ecg in by_patient[patient]:
            if ecg.nearest:
                minutes = round((ecg.nearest.time_s - ecg.time_s) / 60)
                yield MimicPair(ecg.record, patient, ecg.nearest.potassium_meq_l, minutes)


def _no_pair(pairing: Pairing, within_min: int) -> UsageError:
    reasons = ", ".join(f"{count} {why.text}" for why, count in pairing.left_out.items())
    return UsageError(
        f"an ECG and a blood test of its patient are at most {within_min} min apart",
        found=f"no such pair in {pairing.ecgs} ECGs of {pairing.patients} patients and their {pairing.tests} "
        f"blood tests of potassium ({reasons})",
        next_step="give files of the same release of MIMIC-IV, or more minutes with --within",
    )
