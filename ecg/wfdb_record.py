"""WFDB records (PhysioNet), read with the package wfdb."""

from pathlib import Path

import numpy as np

from splkit.ecg.channels import channel_index, mv_per_unit
from splkit.ecg.recording import Recording
from splkit.errors import RecordingError
from splkit.optional import optional

_EXTENSIONS = (".hea", ".dat", ".atr", ".qrs", ".mat")


def read_wfdb(path: Path, channel: str | int | None = None) -> Recording:
    """Read one lead of a local WFDB record in mV; `path` may carry the extension of one of its files.

    Raises:
        RecordingError: the record or the lead is not there, is damaged, or has no unit of voltage.
        ToolError: the package wfdb is not installed.
    """
    wfdb = optional("wfdb", "WFDB records are read with the package wfdb")
    stem = path.with_suffix("") if path.suffix in _EXTENSIONS else path
    if not stem.with_name(stem.name + ".hea").is_file():
        raise RecordingError(
            "an ECG is a WFDB record, a .csv or .edf file, or the name toy",
            found=f"no file {stem}.hea",
            next_step="check the path",
        )
    try:
        header = wfdb.rdheader(str(stem))
        leads = header.sig_name or []
        index = channel_index(leads, channel, str(stem)) if leads else 0
        record = wfdb.rdrecord(str(stem), channels=[index])
    except (ValueError, OSError, IndexError, KeyError, TypeError) as error:
        raise RecordingError(
            "a WFDB record has a whole header and whole signal files",
            found=f"{stem}, which wfdb cannot read ({type(error).__name__}: {error})",
            next_step="fetch the record again",
        ) from error
    scale = mv_per_unit(record.units[0], str(stem))
    signal_mv = np.asarray(record.p_signal[:, 0], np.float64) * scale
    return Recording(signal_mv, float(record.fs), record.sig_name[0], str(stem))
