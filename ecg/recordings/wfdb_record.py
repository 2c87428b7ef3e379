"""WFDB records (PhysioNet), read with the package wfdb."""

from pathlib import Path

import numpy as np

from splkit.ecg.recordings.channels import channel_index, mv_per_unit
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError
from splkit.optional import optional

_DEFAULT_UNIT = "mV"


def read_wfdb(path: Path, channel: str | int | None = None) -> Recording:
    """Read one lead of a local WFDB record in mV; `path` may carry the extension of one of its files.

    A lead with several samples a frame is read at its own rate. Samples that are marked as invalid, and
    segments without the lead, are gaps.

    Raises:
        RecordingError: the record or the lead is not there, is damaged, or has no unit of voltage.
        ToolError: the package wfdb is not installed.
    """
    wfdb = optional("wfdb", "WFDB records are read with the package wfdb")
    if not path.name:
        raise _not_there(path)
    stem = next((each for each in (path, path.with_suffix("")) if _header(each).is_file()), None)
    if stem is None:
        raise _not_there(path)
    try:
        leads = wfdb.rdheader(str(stem), rd_segments=True).sig_name or []
        index = channel_index(leads, channel, str(stem)) if leads else 0
        record = wfdb.rdrecord(str(stem), channels=[index], smooth_frames=False)
        signal = np.asarray(record.e_p_signal[0], np.float64)
    except (ValueError, OSError, IndexError, KeyError, TypeError) as error:
        raise RecordingError(
            "a WFDB record has a whole header and whole signal files",
            found=f"{stem}, which wfdb cannot read ({type(error).__name__}: {error})",
            next_step="fetch the record again",
        ) from error
    signal_mv = signal * mv_per_unit(record.units[0] or _DEFAULT_UNIT, str(stem))
    fs_hz = float(record.fs) * record.samps_per_frame[0]
    return Recording.with_gaps(signal_mv, fs_hz, record.sig_name[0], str(stem))


def _header(stem: Path) -> Path:
    return stem.with_name(stem.name + ".hea")


def _not_there(path: Path) -> RecordingError:
    header = _header(path.with_suffix("") if path.suffix == ".hea" else path) if path.name else path
    return RecordingError(
        "an ECG is a WFDB record, a .csv or .edf file, or the name toy",
        found=f"{path}, which is none of these" if path.exists() else f"no file {header}",
        next_step="check the path",
    )
