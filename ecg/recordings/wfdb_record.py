"""WFDB records (PhysioNet), read with the package wfdb."""

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.recordings.contents import Contents, Lead
from splkit.optional import optional

_DEFAULT_UNIT = "mV"


def wfdb_contents(header: Path, source: str) -> Contents:
    """The signals of a WFDB record, by its .hea file.

    A lead with several samples a frame has its own rate. Samples that are marked as invalid, and segments
    without the lead, are missing.
    """
    wfdb = optional("wfdb", "WFDB records are read with the package wfdb")
    stem = str(header.with_suffix(""))

    def samples(index: int) -> NDArray[np.float64]:
        record = wfdb.rdrecord(stem, channels=[index], smooth_frames=False)
        return np.asarray(record.e_p_signal[0], np.float64)

    record = wfdb.rdheader(stem, rd_segments=True)
    first = wfdb.rdrecord(stem, sampto=1, smooth_frames=False)
    leads = tuple(
        Lead(
            name,
            first.units[i] or _DEFAULT_UNIT,
            float(record.fs) * first.samps_per_frame[i],
            partial(samples, i),
        )
        for i, name in enumerate(record.sig_name or [])
    )
    return Contents(source, leads)
