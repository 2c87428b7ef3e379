"""EDF and EDF+ files, read with the package pyedflib."""

from pathlib import Path

import numpy as np

from splkit.ecg.recordings.channels import channel_index, mv_per_unit
from splkit.ecg.recordings.recording import Recording
from splkit.errors import RecordingError
from splkit.optional import optional


def read_edf(path: Path, channel: str | int | None = None) -> Recording:
    """Read one signal of a local EDF file in mV, at its own rate.

    Raises:
        RecordingError: the file or the signal is not there, is damaged, or has no unit of voltage.
        ToolError: the package pyedflib is not installed.
    """
    pyedflib = optional("pyedflib", "EDF files are read with the package pyedflib")
    try:
        with pyedflib.EdfReader(str(path)) as reader:
            leads = [label.strip() for label in reader.getSignalLabels()]
            index = channel_index(leads, channel, str(path))
            scale = mv_per_unit(reader.getPhysicalDimension(index), str(path))
            signal_mv = np.asarray(reader.readSignal(index), np.float64) * scale
            return Recording(signal_mv, float(reader.getSampleFrequency(index)), leads[index], str(path))
    except (OSError, ValueError, IndexError) as error:
        raise RecordingError(
            "an EDF file has a whole header and whole signals",
            found=f"{path}, which pyedflib cannot read ({error})",
            next_step="check the path, or export it again",
        ) from error
