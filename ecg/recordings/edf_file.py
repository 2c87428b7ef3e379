"""EDF and EDF+ files, read with the package pyedflib."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.optional import optional


def is_edf(start: bytes) -> bool:
    """Whether a file that starts so is EDF or BDF: the version, and the length of the header in its place."""
    return start.startswith((b"0       ", b"\xffBIOSEMI")) and start[184:192].strip().isdigit()


def edf_contents(path: Path, source: str) -> Contents:
    """The signals of an EDF file, each at its own rate."""
    pyedflib = optional("pyedflib", "EDF files are read with the package pyedflib")

    def samples(index: int) -> NDArray[np.float64]:
        with pyedflib.EdfReader(str(path)) as reader:
            return np.asarray(reader.readSignal(index), np.float64)

    with pyedflib.EdfReader(str(path)) as reader:
        lengths = reader.getNSamples()
        leads = tuple(
            Lead(
                label.strip(),
                reader.getPhysicalDimension(i),
                float(reader.getSampleFrequency(i)),
                partial(samples, i),
                int(lengths[i]),
            )
            for i, label in enumerate(reader.getSignalLabels())
        )
    return Contents(source, leads)
