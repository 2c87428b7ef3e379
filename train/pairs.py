"""Tables of real ECGs, each with the potassium of a blood test: what a researcher trains on."""

import csv
import hashlib
import io
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path, PurePath
from typing import NamedTuple

import numpy as np

from splkit.ecg.recordings.remote import is_remote, remote_bytes
from splkit.errors import RecordingError, UsageError, reason
from splkit.train.cohort import turned
from splkit.train.config import MIN_PATIENTS, Labels, Pairs, TrainConfig
from splkit.train.metrics import MIN_SPREAD_MEQ_L

COLUMNS = ("record", "patient", "potassium_meq_l")
"""Every table has these; `channel` may be there too, and whatever else is not read."""

POTASSIUM_MEQ_L = (1.0, 12.0)
"""What lies outside it is taken for another unit, or another column."""


class Pair(NamedTuple):
    """One ECG and its blood test.

    Attributes:
        number: the row, from 0.
        record: path or URL as `splkit.ecg.recordings.readers.read_recording` takes it.
        patient: any name; all rows of one patient go into the same split.
        potassium_meq_l: serum potassium, mEq/L, which is mmol/L.
        channel: the lead, by name or by number from 0, or None.
    """

    number: int
    record: Path | str
    patient: str
    potassium_meq_l: float
    channel: str | None


class PairedPatient(NamedTuple):
    """A patient's number, by which splits are made, and pairs."""

    number: int
    pairs: tuple[Pair, ...]


def with_pairs(
    config: TrainConfig,
    table: Path | str,
    channel: str | None = None,
    *,
    skip_unreadable: bool = False,
    labels: Labels = "measured",
) -> TrainConfig:
    """The configuration for the patients of `table`, a path or a URL, in place of simulated ones.

    `channel` is the lead of rows that name none. `skip_unreadable` leaves out ECGs that cannot be read.
    `labels` says where the potassium comes from.

    Raises:
        UsageError: the table cannot be read, a row of it cannot be used, a record is not there or named
            twice, there are too few patients, or their potassium is all alike.
    """
    content = _content(table)
    rows = _pairs(content, table)
    _check_once(rows, table)
    if not skip_unreadable:
        _check_there(rows, table)
    patients = {pair.patient for pair in rows}
    if len(patients) < MIN_PATIENTS:
        raise UsageError(
            f"a network is trained on pairs of {MIN_PATIENTS} patients or more",
            found=f"{len(patients)} in {table}",
            next_step="add others",
        )
    low, high = (pick(pair.potassium_meq_l for pair in rows) for pick in (min, max))
    if high - low < MIN_SPREAD_MEQ_L:
        raise UsageError(
            f"a network learns from potassium that varies by {MIN_SPREAD_MEQ_L:g} mEq/L or more",
            found=f"{low:g} to {high:g} mEq/L in the {len(rows):,} rows of {table}",
            next_step="add ECGs at other potassium, and check that the column is the right one",
        )
    place = str(table) if is_remote(table) else str(Path(table).absolute())
    sha256 = _sha256(content)
    pairs = Pairs(table=place, sha256=sha256, channel=channel, skip_unreadable=skip_unreadable, labels=labels)
    return config.model_copy(update={"pairs": pairs, "patients": len(patients)})


def paired_patients(config: TrainConfig) -> Sequence[PairedPatient]:
    """The patients of `config.pairs`, in an order drawn from the seed, which the folds turn.

    Raises:
        UsageError: the table is not the one that the configuration was made with.
    """
    assert config.pairs is not None
    content = _content(config.pairs.table)
    if _sha256(content) != config.pairs.sha256:
        raise UsageError(
            "a run reads the table of pairs that it was started with",
            found=f"other bytes in {config.pairs.table}",
            next_step="start it anew",
        )
    rows = sorted(_pairs(content, config.pairs.table), key=lambda pair: pair.patient)
    patients = [tuple(own) for _, own in groupby(rows, key=lambda pair: pair.patient)]
    order = np.random.default_rng(config.seed).permutation(len(patients)).tolist()
    return [
        PairedPatient(turned(place, config.fold, len(patients)), pairs)
        for place, pairs in zip(order, patients, strict=True)
    ]


def _content(table: Path | str) -> bytes:
    try:
        return remote_bytes(str(table)) if is_remote(table) else Path(table).read_bytes()
    except RecordingError as error:
        raise UsageError(error.rule, found=error.found, next_step=error.next_step) from error
    except OSError as error:
        raise UsageError(
            "pairs of ECGs and blood tests are named in a CSV file",
            found=f"{table}: {reason(error)}",
            next_step="check the path",
        ) from error


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _pairs(content: bytes, table: Path | str) -> list[Pair]:
    try:
        lines = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
        rows = [] if missing else list(lines)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unusable(table, reason(error)) from error
    if missing:
        raise _unusable(table, f"no column {missing[0]}")
    return [_pair(number, row, table) for number, row in enumerate(rows)]


def _pair(number: int, row: dict[str, str | None], table: Path | str) -> Pair:
    record, patient, potassium = ((row[name] or "").strip() for name in COLUMNS)
    where = f"row {number + 1} of {PurePath(table).name}"
    if not record or not patient:
        raise _unusable(table, f"no {'record' if not record else 'patient'} in {where}")
    low, high = POTASSIUM_MEQ_L
    try:
        potassium_meq_l = float(potassium)
    except ValueError as error:
        raise _unusable(table, f"potassium {potassium!r} in {where}") from error
    if not low <= potassium_meq_l <= high:
        raise UsageError(
            f"serum potassium is {low:g} to {high:g} mEq/L, which is mmol/L",
            found=f"{potassium} in {where}",
            next_step="check the column and its unit",
        )
    channel = (row.get("channel") or "").strip() or None
    return Pair(number, place_of(table, record), patient, potassium_meq_l, channel)


def place_of(table: Path | str, record: str) -> Path | str:
    """Where a record of a table lies, by its path or its URL, seen from the table's folder."""
    if is_remote(record):
        return record
    if is_remote(table):
        return f"{str(table).rpartition('/')[0]}/{record}"
    return Path(table).parent / record


def _check_once(rows: list[Pair], table: Path | str) -> None:
    """An ECG of two patients would be trained on and tested; one of two potassium values is of neither."""
    seen: dict[tuple[str, str | None], Pair] = {}
    owners: dict[str, Pair] = {}
    for pair in rows:
        record = str(pair.record)
        before = seen.setdefault((record, pair.channel), pair)
        first = owners.setdefault(record, pair)
        if before is not pair or first.patient != pair.patient:
            other = before if before is not pair else first
            raise UsageError(
                "a table of pairs names each ECG once, as one patient's",
                found=f"{record} in rows {other.number + 1} and {pair.number + 1} of {PurePath(table).name}",
                next_step="keep the row that is right",
            )


def _check_there(rows: list[Pair], table: Path | str) -> None:
    """Before hours of reading: every record is a file, or the name of a WFDB record, or behind a URL."""
    here = [pair for pair in rows if not is_remote(pair.record)]
    lost = [pair for pair in here if not any(Path(f"{pair.record}{end}").is_file() for end in ("", ".hea"))]
    if lost:
        others = f" and {len(lost) - 1:,} others" if lost[1:] else ""
        raise UsageError(
            "the records of a table of pairs lie where it says, seen from its folder",
            found=f"no {lost[0].record}, row {lost[0].number + 1} of {PurePath(table).name}{others}",
            next_step="fetch them, or leave their rows out",
        )


def _unusable(table: Path | str, found: str) -> UsageError:
    return UsageError(
        f"a table of pairs is a CSV file with the columns {', '.join(COLUMNS)}",
        found=f"{found} ({table})",
        next_step="see docs/training.md",
    )
