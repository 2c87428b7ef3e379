"""Polar H10 and Verity Sense: ECG files of the Polar Sensor Logger, `Polar_H10_..._ECG.txt`."""

import io
from pathlib import Path

import numpy as np

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.csv_times import rate_and_places, spread
from splkit.ecg.recordings.formats.support import lead, refusal, whole_file

_COLUMNS = ("phone timestamp", "sensor timestamp [ns]", "timestamp [ms]", "ecg [uv]")
_MAX_BYTES = 1 << 30  # 24 hours at 130 Hz take 0.7 GB
_TIME, _ECG = 1, 3


def is_polar(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins an ECG of the Polar Sensor Logger."""
    return _columns(start) == _COLUMNS


def polar_contents(path: Path, source: str) -> Contents:
    """The only lead, in uV as its heading says. The sensor's own clock gives the rate and the gaps.

    The sensor gives each sample a time in ns. The phone's times are times of packets, and are not read.

    Raises:
        RecordingError: a cell is no number, or the sensor's times do not increase.
    """
    text = whole_file(path, source, _MAX_BYTES).decode("utf-8-sig")
    body = text.partition("\n")[2]
    try:
        table = np.loadtxt(io.StringIO(body), np.float64, delimiter=";", usecols=(_TIME, _ECG), ndmin=2)
    except ValueError as error:
        raise refusal(
            "every row has the sensor's time and the ECG", f"{str(error).split(';')[0]} in {source}"
        ) from error
    fs_hz, places = rate_and_places((table[:, 0] - table[0, 0]) * 1e-9, source)
    return Contents(source, (lead("ECG", "uV", fs_hz, spread(table[:, 1], places)),))


def _columns(start: bytes) -> tuple[str, ...]:
    first = start.decode("utf-8-sig", "replace").partition("\n")[0]
    return tuple(cell.strip().lower() for cell in first.split(";"))
