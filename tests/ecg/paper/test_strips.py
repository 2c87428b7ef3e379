"""The lead of a rhythm strip: by its label, by its trace, and where both are needed."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from support.drawn_sheet import MM, strip_of_ii

from splkit.ecg.paper.contracts import Layout, Sheet
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.layout.roughline import Agreement
from splkit.ecg.paper.layout.striplead import strip_lead
from splkit.ecg.paper.render.records import simulated_leads
from splkit.ecg.paper.render.rendered import Rendered


def alike(**shares: float) -> dict[str, Agreement]:
    return {lead: Agreement(share, 20.0) for lead, share in shares.items()}


@pytest.mark.parametrize(
    ("label", "weak", "shares", "lead"),
    [
        ("I", False, alike(I=0.7, II=0.99, III=0.3, V1=0.2), "II"),
        ("I", False, alike(I=0.7, II=0.2, III=0.3, V1=1.0), "V1"),
        ("I", False, alike(I=0.9, II=0.94, III=0.3, V1=0.2), "I"),
        ("I", True, alike(I=0.9, II=0.94, III=0.3, V1=0.2), None),
        ("I", False, alike(I=0.3, II=0.2, III=0.1, V1=0.8), None),
        ("II", False, alike(I=0.3, II=0.2, III=0.1, V1=0.5), "II"),
        ("II", False, alike(I=0.3, II=0.5, III=0.81, V1=0.5), "II"),
        ("II", False, alike(I=0.3, II=0.5, III=0.97, V1=0.5), "III"),
        ("II", False, alike(I=0.95, II=0.6, III=0.3, V1=0.5), "II"),
        ("II", False, alike(I=0.95, II=0.3, III=0.3, V1=0.5), None),
        ("III", False, alike(I=0.3, II=0.97, III=0.3, V1=0.5), "II"),
        ("III", False, {"II": Agreement(0.86, 1.75), "III": Agreement(0.22, 2.25)}, "II"),
        ("III", False, {"II": Agreement(0.86, 1.25), "III": Agreement(0.22, 2.25)}, "III"),
        ("I", False, alike(I=0.09, II=0.97, III=0.77, aVF=1.0), "II"),
        ("I", False, alike(I=0.09, II=0.97, III=0.95, aVF=1.0), None),
        ("I", False, alike(I=0.6, II=0.2, III=0.3, V5=0.97), "I"),
        ("I", False, alike(I=0.3, II=0.2, III=0.3, V5=0.97), None),
        ("V1", False, alike(I=0.3, II=0.99, III=0.1, V1=0.5), "V1"),
        ("V1", True, alike(I=0.3, II=0.7, III=0.1, V1=0.5), None),
        ("V5", True, alike(I=0.3, II=0.78, III=0.1, V5=0.81), "V5"),
        ("V5", True, alike(I=0.3, II=0.78, III=0.1, V5=0.65), None),
        ("II", True, alike(I=0.3, II=0.84, III=0.13, aVF=0.68), "II"),
        ("II", True, alike(I=0.3, II=0.84, III=0.13, aVF=0.78), None),
        ("II", True, alike(I=0.3, II=0.65, III=0.13, aVF=0.2), None),
        (None, False, alike(I=0.3, II=0.99, III=0.1, V1=0.5), "II"),
        (None, False, alike(I=0.3, II=0.1, V4R=0.97, V1=0.95), None),
        (None, False, {"II": Agreement(1.0, 2.0), "V1": Agreement(0.2, 20.0)}, None),
        (None, False, {"II": Agreement(1.0, 5.0), "V1": Agreement(0.2, 40.0)}, None),
    ],
)
def test_lead_of_a_strip(
    label: str | None, weak: bool, shares: dict[str, Agreement], lead: str | None
) -> None:
    assert strip_lead(label, weak, shares)[0] == lead


def written_over_ii(clean: Sheet, page: Rendered) -> Layout:
    """Handwriting runs through lead II, but not through its strip."""
    scrawl = (clean.coverage * 255).astype(np.uint8)
    ii = page.traces[[t.panel.lead for t in page.traces].index("II")].panel
    x = np.linspace(ii.left + 15 * MM, ii.left + 36 * MM, 300)
    y = ii.baseline + 3 * MM * np.sin(np.arange(300) / 5)
    cv2.polylines(scrawl, [np.stack([x, y], 1).astype(np.int32)], False, 255, 2)
    return find_layout(replace(clean, coverage=scrawl.astype(np.float32) / 255))


def test_strip_keeps_its_label_where_handwriting_runs_through_its_lead() -> None:
    """Lead II then looks less like its strip than aVF does."""
    layout = written_over_ii(*strip_of_ii())
    assert [p.lead for p in layout.panels if p.is_rhythm] == ["II"]


def test_strip_is_left_out_where_handwriting_lets_another_lead_look_like_it() -> None:
    """I looks more like the strip than II does, of which half is written over."""
    layout = written_over_ii(*strip_of_ii(record=simulated_leads(4.0, seed=3)))
    assert not [p.lead for p in layout.panels if p.is_rhythm]
    assert layout.notes[-1].endswith("its label reads II, and its trace is unlike II")


def test_strip_without_a_label_is_named_by_its_trace() -> None:
    clean, page = strip_of_ii()
    left, top, right, bottom = (
        round(edge) for edge in [each.box for each in page.labels if each.text == "II"][-1]
    )
    bare = clean.coverage.copy()
    bare[top - 1 : bottom + 2, left - 1 : right + 2] = 0
    layout = find_layout(replace(clean, coverage=bare))
    assert [p.lead for p in layout.panels if p.is_rhythm] == ["II"]
    assert any("named by its trace: II" in note for note in layout.notes)


def test_strip_that_shows_other_beats_leaves_the_time_of_columns_open() -> None:
    """The strip is moved by 0.4 s: the columns' beats stand beside its own."""
    clean, page = strip_of_ii()
    assert find_layout(clean).time_agreed
    strip = next(each.panel for each in page.traces if each.panel.is_rhythm)
    top, bottom = round(strip.baseline - 8 * MM), round(strip.baseline + 8 * MM)
    moved = clean.coverage.copy()
    own = moved[top:bottom, round(strip.left) :]
    own[:] = np.roll(own, round(10 * MM), axis=1)
    layout = find_layout(replace(clean, coverage=moved))
    assert not layout.time_agreed
    assert any("do not confirm that columns follow" in note for note in layout.notes)
