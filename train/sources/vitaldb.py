"""Pairs ECGs with blood tests of VitalDB. For each potassium value, it cuts some seconds of ECG.

VitalDB has three tables (snuhvitallab/vitaldb-docs on GitHub: the web API of the open data set, and its
overview; read November 2026). `cases` lists operations. `labs` lists blood tests; potassium has the `name`
`k`, is in mmol/L, and its `dt` is in seconds from the start of the case. `trks` lists waveforms. The
documentation calls `dt` the time of the test, and does not say whether that is the draw or the result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from splkit.ecg.recordings.recording import Recording
from splkit.ecg.recordings.wfdb_writer import one_lead_record
from splkit.errors import RecordingError, UsageError
from splkit.progress import Advance, ignore_progress
from splkit.train.sources.pairing import Pairing, PairRow, require_unit
from splkit.train.sources.potassium import read_potassium
from splkit.train.sources.reasons import LeftOut, Tally
from splkit.train.sources.releases import VITALDB, VITALDB_AT_PHYSIONET, Release, check_sums, held_against
from splkit.train.sources.tables import Table
from splkit.train.sources.usable import has_mean
from splkit.train.sources.vitaldb_tracks import Track, read_track

MOST_MISSING = 0.1
"""Largest share of missing samples in a stretch of ECG."""

_TRACK = "SNUADC/ECG_{}"
"""Name of a lead's waveform. VitalDB has leads II and V5, at 500 Hz in mV."""

_AT_PHYSIONET = {"cases": "clinical_data", "labs": "lab_data"}


class _Test(NamedTuple):
    case: str
    time_s: float
    potassium_meq_l: float


@dataclass(frozen=True)
class VitalDb:
    """What the three tables say about one lead.

    Attributes:
        folder: the folder with the tables and the waveforms.
        release: VitalDB's own files (one track for each lead) or PhysioNet's (one .vital file for each case).
        hashed: whether the tables have their published hashes.
        lead: II or V5.
        patient: the patient of each case. A patient may have several cases.
        end_s: the length of each case's recording in seconds.
        track: the name of the file with the lead's waveform, for each case.
        tests: the tests that can be used, sorted by case and then by time.
        listed: how many tests of potassium are listed, used or not.
        tally: counts the tests that are left out.
    """

    folder: Path
    release: Release
    hashed: bool
    lead: str
    patient: dict[str, str] = field(default_factory=dict)
    end_s: dict[str, float] = field(default_factory=dict)
    track: dict[str, str] = field(default_factory=dict)
    tests: tuple[_Test, ...] = ()
    listed: int = 0
    tally: Tally = field(default_factory=Tally)

    def file_of(self, case: str) -> Path | None:
        """The file with the case's waveform, or None if it has not been fetched."""
        name = self.track[case]
        names = (name, f"{name}.csv", f"{name}.csv.gz", Path(name).name)
        return next((self.folder / each for each in names if (self.folder / each).is_file()), None)

    @property
    def cases(self) -> list[str]:
        """The cases with a test that can be used."""
        return list(dict.fromkeys(test.case for test in self.tests))

    @property
    def addresses(self) -> list[str]:
        """The addresses of the waveforms that are still to be fetched."""
        return [
            f"{self.release.address}{self.track[case]}" for case in self.cases if self.file_of(case) is None
        ]


def table_of(folder: Path, name: str, *columns: str) -> Table:
    """One of VitalDB's tables.

    Its file may have the name of VitalDB's API or of PhysioNet, with or without .csv and .gz.
    """
    called = (name, _AT_PHYSIONET.get(name, name))
    paths = [folder / f"{each}{end}" for each in called for end in (".csv", ".csv.gz", "")]
    path = next((path for path in paths if path.is_file()), paths[0])
    return Table(path, columns, "splkit pairs vitaldb --how says what to fetch")


def read_vitaldb(folder: Path, lead: str, within_min: int) -> VitalDb:
    """Reads the tables. The tally counts the blood tests that cannot be used or are not near an ECG.

    Raises:
        RecordingError: a table is missing or damaged, or lacks a column.
        UsageError: most values are no potassium in mmol/L.
    """
    tally = Tally()
    patient, end_s = {}, {}
    cases = table_of(folder, "cases", "caseid", "subjectid", "caseend")
    labs = table_of(folder, "labs", "caseid", "dt", "name", "result")
    hashed = all([check_sums(cases.path), check_sums(labs.path)])
    for case, subject, end in cases.rows():
        patient[case] = subject
        length_s = _number(end)
        end_s[case] = np.inf if length_s is None else length_s  # the waveform itself will tell
    release, track = _tracks(folder, lead, patient)
    data = VitalDb(folder, release, hashed, lead, patient, end_s, track, tally=tally)
    usable, listed = [], 0
    for case, time, name, result in labs.rows():
        if name.strip().lower() != "k":
            continue
        listed += 1
        if test := _test(data, case, time, result, within_min * 60):
            usable.append(test)
    require_unit(listed, tally)
    return replace(data, tests=tuple(_once(usable, tally)), listed=listed)


def cut_vitaldb(
    data: VitalDb, out: Path, length_s: int = 20, within_min: int = 15, advance: Advance = ignore_progress
) -> Pairing:
    """For each blood test, cuts the nearest stretch of ECG that gives a mean cycle, and writes it as WFDB.

    Args:
        data: the result of `read_vitaldb`.
        out: folder for the records.
        length_s: length of a stretch in seconds.
        within_min: largest time between the middle of a stretch and its test, before or after, in minutes.
        advance: counts cases, `len(data.cases)` in all.

    Raises:
        UsageError: there is no pair.
    """
    pairs: list[PairRow] = []
    for case, tests in groupby(data.tests, attrgetter("case")):
        if path := data.file_of(case):
            pairs += _pairs_of_case(data, path, list(tests), out, length_s, within_min * 60)
        advance(1)
    people = len({data.patient[case] for case in data.cases})
    cases = len(data.patient)
    if not pairs:
        raise UsageError(
            "a blood test has an ECG near it",
            found=f"none of {data.listed:,} in {cases:,} operations with {len(data.addresses):,} ECGs still "
            f"to be fetched ({'; '.join(data.tally.lines)})",
            next_step="splkit pairs vitaldb --urls FILE writes the addresses of the ECGs",
        )
    source = held_against(cases, "operations", (data.release,), data.hashed)
    unfetched = tuple(data.addresses)
    return Pairing(tuple(pairs), out, len(data.track), people, data.listed, data.tally, source, unfetched)


def _tracks(folder: Path, lead: str, cases: Iterable[str]) -> tuple[Release, dict[str, str]]:
    """The release of the files, and for each case the name of the file with the lead.

    PhysioNet's release has no table of tracks. Whether a case has the lead is only known from its file.
    """
    table = table_of(folder, "trks", "caseid", "tname", "tid")
    if not table.path.is_file() and table_of(folder, "cases").path.name.startswith("clinical_data"):
        names = {case: f"vital_files/{int(case):04d}.vital" for case in cases if case.isdecimal()}
        return VITALDB_AT_PHYSIONET, names
    return VITALDB, {case: tid for case, name, tid in table.rows() if name == _TRACK.format(lead)}


def _test(data: VitalDb, case: str, time: str, result: str, within_s: int) -> _Test | None:
    where = f"case {case} at {time} s"
    potassium_meq_l = read_potassium(result)
    time_s = _number(time)
    if isinstance(potassium_meq_l, LeftOut):
        data.tally.add(potassium_meq_l, f"{result!r} in {where}")
    elif time_s is None:
        data.tally.add(LeftOut.WITHOUT_TIME, where)
    elif not data.patient.get(case):
        data.tally.add(LeftOut.NO_PATIENT, where)
    elif not -within_s <= time_s <= data.end_s[case] + within_s:
        data.tally.add(LeftOut.TEST_ALONE, where)
    elif case not in data.track:
        data.tally.add(LeftOut.NO_LEAD, f"no {_TRACK.format(data.lead)} in case {case}")
    else:
        return _Test(case, time_s, potassium_meq_l)
    return None


def _once(tests: list[_Test], tally: Tally) -> Iterator[_Test]:
    """One test for each moment, and none if two different values are listed for one moment."""
    for (case, time_s), found in groupby(sorted(tests), lambda test: test[:2]):
        same = list(found)
        if len({test.potassium_meq_l for test in same}) > 1:
            tally.add(LeftOut.CONTRADICTED, f"case {case} at {time_s:g} s")
            continue
        for _ in same[1:]:
            tally.add(LeftOut.TEST_TWICE, f"case {case} at {time_s:g} s")
        yield same[0]


def _pairs_of_case(
    data: VitalDb, path: Path, tests: list[_Test], out: Path, length_s: int, within_s: int
) -> Iterator[PairRow]:
    try:
        track = read_track(path, data.lead)
    except RecordingError as error:
        for _ in tests:
            data.tally.add(LeftOut.UNREADABLE, error.found)
        return
    if track is None:
        for _ in tests:
            data.tally.add(LeftOut.NO_LEAD, f"no lead {data.lead} in {path.name}")
        return
    for number, test in enumerate(tests):
        name = f"case{test.case}_{number}"
        offset_s = _usable_offset_s(track, test.time_s, length_s, within_s)
        if isinstance(offset_s, LeftOut):
            data.tally.add(offset_s, f"case {test.case} at {test.time_s:g} s")
            continue
        signal_mv = track.window(test.time_s + offset_s, length_s)
        assert signal_mv is not None
        note = f"VitalDB case {test.case}, {offset_s:+g} s from the blood test at {test.time_s:g} s"
        for file, content in one_lead_record(name, signal_mv, track.fs_hz, data.lead, note).items():
            (out / file).write_bytes(content)
        minutes = round(-offset_s / 60)
        yield PairRow(name, data.patient[test.case], test.potassium_meq_l, minutes, data.lead)


def _usable_offset_s(track: Track, time_s: float, length_s: int, within_s: int) -> float | LeftOut:
    """Seconds from the test to the middle of the nearest stretch that gives a mean cycle.

    Of two stretches that are equally near, the earlier one is tried first.
    """
    why = LeftOut.TEST_ALONE
    for step in range(within_s // length_s + 1):
        for offset_s in dict.fromkeys((-step * length_s, step * length_s)):
            signal_mv = track.window(time_s + offset_s, length_s)
            if signal_mv is None:
                continue
            why = LeftOut.NO_MEAN
            if np.isnan(signal_mv).mean() <= MOST_MISSING and _gives_mean(signal_mv, track.fs_hz):
                return offset_s
    return why


def _gives_mean(signal_mv: np.ndarray, fs_hz: float) -> bool:
    try:
        return has_mean(Recording.with_gaps(signal_mv.astype(np.float64), fs_hz, "II", "a stretch"))
    except RecordingError:  # the stretch is flat
        return False


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) else None
