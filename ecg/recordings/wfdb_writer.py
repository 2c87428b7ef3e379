"""Writes one lead as a WFDB record (header and format 16, physionet.org/physiotools/wag/header-5.htm)."""

import numpy as np
from numpy.typing import NDArray

_FINEST_PER_MV = 1000
_MOST_COUNTS = 32767
_MISSING = -32768


def one_lead_record(
    name: str, signal_mv: NDArray[np.floating], fs_hz: float, lead: str, note: str = ""
) -> dict[str, bytes]:
    """The contents of the header `name`.hea and of the samples `name`.dat, by file name.

    Args:
        name: name of the record, without a folder: letters, digits, `_` and `-`.
        signal_mv: float[n] with at least one finite value, and NaN for each missing sample. It is stored in
            steps of 1 uV, or in coarser steps if int16 would overflow.
        fs_hz: sampling rate in Hz.
        lead: name of the lead.
        note: a comment for the header.
    """
    most_mv = max(float(np.nanmax(np.abs(signal_mv))), 1.0)
    per_mv = min(_FINEST_PER_MV, int(_MOST_COUNTS / most_mv))
    counts = np.where(np.isnan(signal_mv), _MISSING, np.rint(np.nan_to_num(signal_mv) * per_mv)).astype("<i2")
    checksum = counts.sum(dtype=np.int64).astype(np.int16)
    header = [
        f"{name} 1 {fs_hz:g} {counts.size}",
        f"{name}.dat 16 {per_mv}(0)/mV 16 0 {counts[0]} {checksum} 0 {lead}",
    ]
    if note:
        header.append(f"# {' '.join(note.split())}")
    return {
        f"{name}.hea": ("\n".join(header) + "\n").encode("ascii", "replace"),
        f"{name}.dat": counts.tobytes(),
    }
