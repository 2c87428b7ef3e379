"""Leads as CSV: `# fs=500`, `time,I,II,...,V6,II_rhythm`, then mV, empty where nothing is shown."""

import numpy as np

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Segment
from splkit.ecg.paper.outputs.columns import columns


def csv_table(segments: tuple[Segment, ...]) -> bytes:
    """The table; times in s, values to a tenth of a uV.

    Raises:
        RecordingError: as `columns`.
    """
    leads = columns(segments)
    values = np.column_stack(list(leads.values()))
    lines = [f"# fs={SEGMENT_FS_HZ}", ",".join(("time", *leads))]
    for at, row in enumerate(values.tolist()):
        shown = ("" if value != value else f"{value:.4f}" for value in row)
        lines.append(",".join((f"{at / SEGMENT_FS_HZ:.3f}", *shown)))
    return ("\n".join(lines) + "\n").encode()
