"""Pairs ECGs with blood tests of MIMIC-IV, or of its open demo, which has the same files in the same layout.

MIMIC-IV-ECG lists its ECGs in record_list.csv. MIMIC-IV has the blood tests in hosp/labevents.csv.gz. Both
shift all times of a patient by the same amount (mimic.mit.edu/docs/iv/modules/ecg/record_list), so that the
time between an ECG and a blood test is true.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from splkit.errors import UsageError
from splkit.progress import Advance, ignore_progress
from splkit.train.sources.mimic_labs import POTASSIUM_ITEMS, judge
from splkit.train.sources.pairing import Pairing, PairRow, require_unit
from splkit.train.sources.reasons import LeftOut, Tally
from splkit.train.sources.releases import MIMIC_ECG, MIMIC_ECG_DEMO, Release, check_sums, held_against
from splkit.train.sources.tables import Table
from splkit.train.sources.times import seconds

_HOW = "splkit pairs mimic --how says what to fetch"


class _Drawn(NamedTuple):
    """A blood test as seen from one ECG. Of two tests, the one that sorts first is paired.

    They are compared by distance, then by time, then by the rank of the test.
    """

    distance_s: int
    time_s: int
    rank: int
    potassium_meq_l: float


@dataclass(slots=True)
class _Ecg:
    time_s: int
    record: str
    nearest: _Drawn | None = None
    is_contradicted: bool = False


def records_table(ecg_dir: Path) -> Table:
    """The table of ECGs in a folder of MIMIC-IV-ECG: patient, time, record."""
    columns = ("subject_id", "ecg_time", "path")
    whence = f"give the folder of MIMIC-IV-ECG that holds record_list.csv and files/; {_HOW}"
    return Table(ecg_dir / "record_list.csv", columns, whence)


def labs_table(labs: Path) -> Table:
    """The table of blood tests of MIMIC-IV: patient, item, time, value, number, unit, comment."""
    columns = ("subject_id", "itemid", "charttime", "value", "valuenum", "valueuom", "comments")
    return Table(labs, columns, f"give hosp/labevents.csv.gz of MIMIC-IV; {_HOW}")


def pair_mimic(
    ecg_dir: Path,
    labs: Path,
    within_min: int = 60,
    advance: Advance = ignore_progress,
    *,
    keep_hemolysed: bool = False,
) -> Pairing:
    """Pairs every ECG with the potassium that was drawn nearest to it in time.

    Of two tests that are equally near, the earlier one is paired. One blood test may be paired with several
    ECGs. Tests that `splkit.train.sources.mimic_labs.judge` rejects are left out first. An ECG is left out
    too if its nearest test has two values at the same time.

    The blood tests are read once and may be in any order. The memory grows with the number of ECGs only.

    Args:
        ecg_dir: the folder with record_list.csv.
        labs: labevents.csv.gz, packed or not.
        within_min: largest time between ECG and draw, before or after, in minutes (inclusive).
        advance: counts megabytes of `labs`, `labs_table(labs).megabytes` in all.
        keep_hemolysed: whether to keep samples that a comment calls hemolysed.

    Raises:
        RecordingError: a file is missing or damaged, lacks a column, or is not what was published.
        UsageError: there is no pair, or most values are no potassium in mEq/L.
    """
    tally = Tally()
    ecgs = records_table(ecg_dir)
    hashed = all([check_sums(ecgs.path), check_sums(labs)])
    by_patient = _read_ecgs(ecgs, tally)
    tests = _read_tests(labs_table(labs), by_patient, within_min * 60, advance, tally, keep_hemolysed)
    every = [ecg for own in by_patient.values() for ecg in own]
    listed = len(every) + tally[LeftOut.ECG_TWICE] + tally[LeftOut.ECG_WITHOUT_TIME]
    pairing = Pairing(
        tuple(_pairs(by_patient, tally)),
        ecg_dir,
        listed,
        len(by_patient),
        tests,
        tally,
        held_against(listed, "ECGs", (MIMIC_ECG_DEMO, MIMIC_ECG), hashed),
    )
    require_unit(tests, tally)
    if not pairing.pairs:
        raise _no_pair(pairing, within_min)
    return pairing


def addresses(pairing: Pairing) -> list[str]:
    """The addresses of the files of the paired ECGs that are not on the disk yet."""
    release: Release = MIMIC_ECG_DEMO if pairing.ecgs == MIMIC_ECG_DEMO.count else MIMIC_ECG
    return [f"{release.address}{record}{end}" for record in pairing.missing for end in (".hea", ".dat")]


def _read_ecgs(table: Table, tally: Tally) -> dict[str, list[_Ecg]]:
    """The ECGs of every patient, sorted by time. `tally` counts those that cannot be used."""
    by_patient: dict[str, list[_Ecg]] = {}
    listed = set[str]()
    for patient, time, record in table.rows():
        time_s = seconds(time)
        if record in listed:
            tally.add(LeftOut.ECG_TWICE, record)
        elif time_s is None:
            tally.add(LeftOut.ECG_WITHOUT_TIME, f"{time!r} of {record}")
        else:
            by_patient.setdefault(patient, []).append(_Ecg(time_s, record))
        listed.add(record)
    for ecgs in by_patient.values():
        ecgs.sort(key=attrgetter("time_s", "record"))
    return by_patient


def _read_tests(
    table: Table,
    by_patient: dict[str, list[_Ecg]],
    within_s: int,
    advance: Advance,
    tally: Tally,
    keep_hemolysed: bool,
) -> int:
    """Offers each blood test to the ECGs near to it. Returns how many tests are of patients with ECGs."""
    rank = {item: place for place, item in enumerate(POTASSIUM_ITEMS)}
    tests = 0
    for patient, item, time, value, number, unit, comment in table.rows(advance):
        if item not in rank or patient not in by_patient:
            continue
        tests += 1
        potassium_meq_l = judge(value, number, unit, "" if keep_hemolysed else comment)
        time_s = seconds(time)
        if isinstance(potassium_meq_l, LeftOut):
            tally.add(potassium_meq_l, f"{value or number!r} {unit} of patient {patient} at {time}")
        elif time_s is None:
            tally.add(LeftOut.WITHOUT_TIME, f"{time!r} of patient {patient}")
        else:
            _offer(by_patient[patient], _Drawn(0, time_s, rank[item], potassium_meq_l), within_s)
    return tests


def _offer(ecgs: list[_Ecg], drawn: _Drawn, within_s: int) -> None:
    """Gives a blood test to those ECGs of its patient that have no nearer one yet."""
    time_of = attrgetter("time_s")
    first = bisect_left(ecgs, drawn.time_s - within_s, key=time_of)
    last = bisect_right(ecgs, drawn.time_s + within_s, key=time_of)
    for ecg in ecgs[first:last]:
        offered = drawn._replace(distance_s=abs(drawn.time_s - ecg.time_s))
        if ecg.nearest is None or offered[:3] < ecg.nearest[:3]:
            ecg.nearest, ecg.is_contradicted = offered, False
        elif offered[:3] == ecg.nearest[:3] and offered != ecg.nearest:
            ecg.is_contradicted = True


def _pairs(by_patient: dict[str, list[_Ecg]], tally: Tally) -> Iterator[PairRow]:
    for patient in sorted(by_patient):
        for ecg in by_patient[patient]:
            if ecg.nearest is None:
                tally.add(LeftOut.ECG_ALONE, ecg.record)
            elif ecg.is_contradicted:
                tally.add(LeftOut.CONTRADICTED, ecg.record)
            else:
                minutes = round((ecg.nearest.time_s - ecg.time_s) / 60)
                yield PairRow(ecg.record, patient, ecg.nearest.potassium_meq_l, minutes)


def _no_pair(pairing: Pairing, within_min: int) -> UsageError:
    reasons = ", ".join(f"{count} {why.text}" for why, count in pairing.left_out.items())
    return UsageError(
        f"an ECG and a blood test of its patient are at most {within_min} min apart",
        found=f"no such pair in {pairing.ecgs} ECGs of {pairing.patients} patients and their {pairing.tests} "
        f"blood tests of potassium ({reasons})",
        next_step="give files of the same release of MIMIC-IV, or more minutes with --within",
    )
