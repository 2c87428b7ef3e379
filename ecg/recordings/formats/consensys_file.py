"""Shimmer: CSV files of Consensys. They begin with a line of names and a line of units."""

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.csv_times import rate_and_places, spread
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file
from splkit.errors import RecordingError

_MAX_BYTES = 1 << 30  # 2 hours at 512 Hz, 5 columns, take 0.4 GB
_HEAD = re.compile(r'"?sep=(?P<mark>.)"?', re.IGNORECASE)
_TIME = re.compile(r".*_Timestamp(Sync)?_.*", re.IGNORECASE)
_CALIBRATED = "_CAL"
_WRITTEN = "yyyy/mm/dd hh:mm:ss.000"  # the unit of a column of FormattedUnix
_DAY_TIME = "%Y/%m/%d %H:%M:%S.%f"


def is_consensys(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins a CSV file of Consensys."""
    lines = start.decode("utf-8-sig", "replace").splitlines()
    return len(lines) > 2 and _HEAD.fullmatch(lines[0]) is not None and _CALIBRATED in lines[1].upper()


def consensys_contents(path: Path, source: str) -> Contents:
    """The calibrated columns, with the units of the third line. The column of times gives the rate and gaps.

    Raises:
        RecordingError: there is not exactly one column of times, or a cell is no number.
    """
    text = whole_file(path, source, _MAX_BYTES).decode("utf-8-sig")
    first, names_line, units_line, body = (*text.split("\n", 3), "", "", "")[:4]
    head = _HEAD.fullmatch(first.strip())
    mark = head["mark"] if head else "\t"
    names = [cell.strip() for cell in names_line.rstrip("\r\n").split(mark)]
    units = [cell.strip() for cell in units_line.rstrip("\r\n").split(mark)]
    times = [i for i, name in enumerate(names) if _TIME.fullmatch(name)]
    if len(times) != 1 or len(units) != len(names):
        raise refusal(
            "a file of Consensys has names, units and one column of times",
            f"{len(times)} columns of times, {len(names)} names and {len(units)} units in {source}",
            "export it with one time stamp",
        )
    of_leads = [i for i, name in enumerate(names) if name.upper().endswith(_CALIBRATED) and i not in times]
    table = _table(body, mark, [*times, *of_leads], units[times[0]], source)
    fs_hz, places = rate_and_places(table[:, 0], source)
    leads = (
        lead(_lead_name(names[i]), units[i], fs_hz, spread(table[:, at], places))
        for at, i in enumerate(of_leads, start=1)
    )
    return Contents(source, tuple(leads))


def _table(body: str, mark: str, columns: list[int], time_unit: str, source: str) -> NDArray[np.float64]:
    """The chosen columns, float64[samples, columns]. Times are in s after the first time."""
    converters: Any = {columns[0]: _day_seconds} if time_unit == _WRITTEN else None
    if converters is None and time_unit != "ms":
        raise refusal("the times of Consensys are in ms, or written out", f"{time_unit!r} in {source}")
    try:
        table: NDArray[np.float64] = np.loadtxt(
            io.StringIO(body),
            np.float64,
            delimiter=mark,
            converters=converters,
            usecols=columns,
            ndmin=2,
            encoding=None,  # with this, numpy 1.26 also gives text to the converters
        )
    except ValueError as error:
        raise _no_number(error, source) from error
    table[:, 0] -= table[0, 0]
    if converters is None:
        table[:, 0] *= 1e-3
    return table


def _day_seconds(text: str) -> float:
    return (datetime.strptime(text, _DAY_TIME) - datetime(1970, 1, 1)).total_seconds()


def _lead_name(name: str) -> str:
    """The name of a lead: `Shimmer_B64E_ECG_LL-RA_24BIT_CAL` becomes `ECG_LL-RA (II)`.

    LL, LA and RA are the electrodes on the left leg, left arm and right arm.
    """
    shown = re.sub(r"^(?:Shimmer_)?[^_]+_(?=ECG)|_\d+BIT|_CAL$", "", name, flags=re.IGNORECASE)
    limb = {"LA-RA": "I", "LL-RA": "II", "LL-LA": "III"}.get(shown.rpartition("_")[2].upper())
    return f"ECG {limb}" if limb else shown


def _no_number(error: ValueError, source: str) -> RecordingError:
    return refusal("every cell of a lead is a number", f"{str(error).split(';')[0][:100]} in {source}")
