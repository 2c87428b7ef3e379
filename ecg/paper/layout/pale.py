"""Traces that are pale beside a person's ink: the darkest ink of a page need not be theirs."""

from dataclasses import replace
from typing import Final

import numpy as np

from splkit.ecg.paper.contracts import Sheet
from splkit.ecg.paper.layout.marks import find_marks

TRACES: Final = 0.01
"""The ink of the traces and what is darker is about such a share of the sheet, or more."""
PALEST: Final = 0.25
"""What is paler than this share of the darkest ink is as likely grid."""
FULL: Final = 0.75
"""So dark are most pixels of a thin trace."""


def darkened(sheet: Sheet) -> Sheet | None:
    """The sheet with its traces as dark as ink; None where they are dark enough, or nothing is seen.

    The paper's edge and the table behind it are darker, and thicker than any trace.
    """
    dark = float(np.quantile(find_marks(sheet).coverage, 1 - TRACES))
    if not PALEST < dark < FULL:
        return None
    return replace(sheet, coverage=np.minimum(sheet.coverage * np.float32(FULL / dark), np.float32(1)))
