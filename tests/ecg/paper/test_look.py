"""Labels that traces have joined: they are looked for in all panels together."""

import cv2
import numpy as np
import pytest
from support.drawn_sheet import COLUMN_MM, FIRST_ROW_MM, LEFT_MM, MM, ROW_MM, draw, sheet

from splkit.ecg.paper.contracts import Box, Plane
from splkit.ecg.paper.layout import choose as choosing
from splkit.ecg.paper.layout import reread as rereading
from splkit.ecg.paper.layout.known import CABRERA, CERTAIN, CHEST, KNOWN, LIMB, Fit, places
from splkit.ecg.paper.layout.labels import CLASSES
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.marks import Marks, find_marks
from splkit.ecg.paper.layout.rows import find_rows
from splkit.ecg.paper.layout.words import with_other_ink, with_words
from splkit.errors import RecordingError

SIZE = 0.117 * MM


def joined(leads: tuple[str, ...]) -> Plane:
    """The drawn page with its labels beside beats; an upright stroke joins each to its trace."""
    canvas = (255 * draw(label=False)).astype(np.uint8)
    for r in range(4):
        level = FIRST_ROW_MM + r * ROW_MM
        for c in range(4 if r < 3 else 1):
            name = leads[c * 3 + r] if r < 3 else "II"
            if not name:
                continue
            x, y = round((LEFT_MM + c * COLUMN_MM + 1.5) * MM), round((level - 4.5) * MM)
            cv2.putText(canvas, name, (x, y), cv2.FONT_HERSHEY_SIMPLEX, SIZE, 255, 2, cv2.LINE_AA)
            middle = x + cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, SIZE, 2)[0][0] // 2
            cv2.line(canvas, (middle, y - round(1.5 * MM)), (middle, round(level * MM)), 255, 1, cv2.LINE_AA)
    return canvas.astype(np.float32) / 255


@pytest.mark.parametrize(("limb", "name"), [(LIMB, "3x4+1"), (CABRERA, "3x4+1 Cabrera")])
def test_labels_that_are_no_words_name_the_leads(limb: tuple[str, ...], name: str) -> None:
    page = sheet(joined(limb + CHEST))
    words = places(with_other_ink(with_words(find_marks(page))).words)
    assert len([w for w in words if w.lead.strip("I") and w.word.log_p.max() > CERTAIN]) < 4
    layout = find_layout(page)
    assert layout.name == name
    assert [panel.lead for panel in layout.panels][:12] == [lead.removeprefix("-") for lead in limb + CHEST]


def test_chest_labels_alone_do_not_tell_the_order_of_the_limb_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sums of the limb leads may tell it; here they do not."""
    monkeypatch.setattr(choosing, "order_shown", lambda *_: None)
    with pytest.raises(RecordingError, match=r"3x4\+1 Cabrera and 3x4\+1 fit"):
        find_layout(sheet(joined(("",) * 6 + CHEST)))


def test_a_label_that_reads_better_as_another_is_not_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where aVF is cut on the right, it may read aVL."""
    marks = find_marks(sheet(draw(label=False)))
    six = next(known for known in KNOWN if known.base == "6x1" and known.columns[0] == LIMB)
    levels = find_rows(marks)
    fit = Fit(six, 0, {}, (), (), 100.0, 900.0, -20.0)

    def read(better: str) -> set[str | None]:
        def seen(_: Marks, boxes: list[Box]) -> np.ndarray:
            log_p = np.full((len(boxes), len(CLASSES)), -9.0)
            log_p[::2, CLASSES.index("aVL")] = np.log(0.9)
            log_p[1::2, CLASSES.index(better)] = np.log(0.95)
            return log_p

        monkeypatch.setattr(rereading, "read_boxes", seen)
        found = rereading.reread(marks, levels, fit, tall=12.0)
        return {found.lead(*cell) for cell in found.read}

    six_rows = np.arange(6) * 100.0 + 100
    levels = type(levels)(six_rows, levels.flat, levels.traces)
    assert read("aVL") == {"aVL"}
    assert read("aVF") == {"aVF"}
