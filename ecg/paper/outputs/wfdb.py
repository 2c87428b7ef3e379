"""Digitized leads as a WFDB record (header and format 16, physionet.org/physiotools/wag/header-5.htm)."""

from collections.abc import Sequence

import numpy as np

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Digitized
from splkit.ecg.paper.outputs.columns import columns

COUNTS_PER_MV = 1000
"""1 uV a count: int16 then spans 32 mV either way."""
MISSING = -32768
"""Format 16 has this for a sample that is not there."""


def wfdb_record(name: str, digitized: Digitized, notes: Sequence[str]) -> tuple[bytes, bytes]:
    """The header `name`.hea and the samples `name`.dat; the leads that are shown, and what was measured.

    Args:
        name: of the record, without a folder; letters, digits, `_` and `-`.
        digitized: the page.
        notes: comments for the header, a line each.

    Raises:
        RecordingError: as `columns`.
    """
    shown = {lead: mv for lead, mv in columns(digitized.segments).items() if np.isfinite(mv).any()}
    counts = np.column_stack([_counts(mv) for mv in shown.values()])
    header = [f"{name} {len(shown)} {SEGMENT_FS_HZ} {len(counts)}"]
    for lead, column in zip(shown, counts.T, strict=True):
        checksum = int(column.astype(np.int64).sum()) & 0xFFFF
        signed = checksum - 0x10000 if checksum >= 0x8000 else checksum
        header.append(f"{name}.dat 16 {COUNTS_PER_MV}(0)/mV 16 0 {column[0]} {signed} 0 {lead}")
    header += [f"# {' '.join(note.split())}" for note in notes]
    return ("\n".join(header) + "\n").encode("ascii", "replace"), counts.astype("<i2").tobytes()


def _counts(signal_mv: np.ndarray) -> np.ndarray:
    limit = -MISSING - 1
    counts = np.clip(np.rint(np.nan_to_num(signal_mv) * COUNTS_PER_MV), -limit, limit)
    return np.where(np.isfinite(signal_mv), counts, MISSING).astype(np.int16)
