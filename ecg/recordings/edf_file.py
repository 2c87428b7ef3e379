"""Reads EDF, EDF+ and BDF files.

The samples are plain whole numbers, so no package is needed. The tests compare the result with the package
pyedflib. pyedflib refuses files with a micro sign in their unit; this module reads them.
"""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead, check_length
from splkit.ecg.recordings.edf_header import EdfHeader, read_edf_header


def is_edf(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, has the version and the header length of EDF or BDF."""
    return start.startswith((b"0       ", b"\xffBIOSEMI")) and start[184:192].strip().isdigit()


def edf_contents(path: Path, source: str) -> Contents:
    """The signals of an EDF file, each at its own rate, without annotations.

    Raises:
        RecordingError: the header is damaged, or does not match the length of the file.
    """
    header = read_edf_header(path, source)
    leads = (
        Lead(
            signal.label,
            signal.unit,
            signal.per_record / header.record_s,
            partial(_samples, path, header, index),
            signal.per_record * header.records,
        )
        for index, signal in enumerate(header.signals)
        if not signal.is_annotation
    )
    return Contents(source, tuple(leads))


def _samples(path: Path, header: EdfHeader, index: int) -> NDArray[np.float64]:
    """The samples of one signal, float64[n], collected from all data records."""
    signal, width = header.signals[index], header.sample_bytes
    check_length(signal.per_record * header.records, str(path))
    records = np.memmap(path, np.uint8, "r", header.header_bytes, (header.records, header.record_bytes))
    first = sum(each.per_record for each in header.signals[:index]) * width
    own = np.ascontiguousarray(records[:, first : first + signal.per_record * width])
    if width == 2:
        digital = own.view("<i2").ravel()
    else:
        three = own.reshape(-1, 3).astype(np.int32)
        digital = (three[:, 2] << 24 | three[:, 1] << 16 | three[:, 0] << 8) >> 8
    return np.asarray(digital * signal.slope + signal.offset, np.float64)
