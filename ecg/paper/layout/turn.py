"""A sheet that lies on its side or upside down is turned until its layout is read."""

from dataclasses import replace

import numpy as np

from splkit.ecg.paper.contracts import Hints, Layout, Sheet
from splkit.ecg.paper.layout.layout import NoRowsError, find_layout
from splkit.ecg.paper.layout.pale import darkened
from splkit.ecg.paper.layout.words import CrowdedError
from splkit.errors import RecordingError

LABELS_READ = 0.6
"""A page is turned only for so many of its labels. Of two ECGs upside down, half of them seem to fit."""
TURNS = {3: "its left side", 1: "its right side", 2: "its head"}
"""By quarter turns to the left that put it upright, on what the page lay; the likeliest first."""


def upright_layout(sheet: Sheet, hints: Hints) -> tuple[Sheet, Layout]:
    """The sheet as it is to be read, and its layout.

    Only where the page cannot be read as it lies is it turned; its labels then tell which way is up. Where
    `hints.leads` names the leads no label is needed, so that nothing could tell, and nothing is turned. Where
    no trace is seen at all, traces are looked for that are paler than the darkest ink.

    Raises:
        RecordingError: what `find_layout` says of the page as it lies, or the page reads in several ways.
    """
    try:
        return _upright(sheet, hints)
    except NoRowsError as error:
        refusal, dark = error, darkened(sheet)
    if dark is None:
        raise refusal
    try:
        found, layout = _upright(dark, hints)
    except RecordingError:
        raise refusal from None
    note = "traces are pale beside the darkest ink"
    return found, replace(layout, notes=(*layout.notes, note))


def _upright(sheet: Sheet, hints: Hints) -> tuple[Sheet, Layout]:
    try:
        return sheet, find_layout(sheet, hints)
    except CrowdedError:
        raise
    except RecordingError as error:
        refusal = error
    if hints.leads is not None:
        raise refusal
    found = []
    for quarters, lay_on in TURNS.items():
        other = turned(sheet, quarters)
        try:
            layout = find_layout(other, hints)
        except RecordingError:
            continue
        if layout.labels_read < LABELS_READ:
            continue
        note = f"the page lay on {lay_on} and was turned"
        found.append((other, replace(layout, notes=(*layout.notes, note))))
    if len(found) > 1:
        raise RecordingError(
            "labels tell which way is up",
            found=f"{len(found)} ways in which the page reads",
            next_step="turn the picture upright, or name the leads with --leads",
        )
    if not found:
        raise refusal
    return found[0]


def turned(sheet: Sheet, quarters: int) -> Sheet:
    """The sheet after so many quarter turns to the left, 1 to 3; its points still go to their places."""
    height, width = sheet.coverage.shape
    sheet_from_turned = {
        1: np.array([[0, -1, width - 1], [1, 0, 0], [0, 0, 1.0]]),
        2: np.array([[-1, 0, width - 1], [0, -1, height - 1], [0, 0, 1.0]]),
        3: np.array([[0, 1, 0], [-1, 0, height - 1], [0, 0, 1.0]]),
    }[quarters]
    swapped = quarters % 2 == 1
    return Sheet(
        np.ascontiguousarray(np.rot90(sheet.coverage, quarters)),
        sheet.px_per_mm_y if swapped else sheet.px_per_mm_x,
        sheet.px_per_mm_x if swapped else sheet.px_per_mm_y,
        sheet.page_from_sheet @ sheet_from_turned,
    )
