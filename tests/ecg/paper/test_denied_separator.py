"""A QRS beside a dash moves the separator that is measured; the end of the ink denies it, if not faint."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Hints
from splkit.ecg.paper.layout.layout import find_layout
from splkit.ecg.paper.render.pages import SIMULATED, Pages
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.ecg.paper.sheet.warp import straighten


@pytest.mark.parametrize("seed", [2012, 8062])
def test_time_begins_where_two_of_three_have_it(seed: int) -> None:
    """Seed 2012: two columns, pulses on the left that the traces join, and one line of dashes. Seed 8062: the
    rows seem to end 15 ms early, where pulses and dashes agree."""
    potassium = float(np.random.default_rng([seed, 9]).uniform(3, 8))
    page = Pages(SIMULATED, any_style=True, potassium_meq_l=potassium).draw(seed)[0]
    ink = find_ink(page.page)
    sheet = straighten(page.page, ink, find_grid(page.page, ink, Hints()))
    layout = find_layout(sheet)
    sheet_from_page = np.linalg.inv(sheet.page_from_sheet)
    for panel in layout.panels:
        true = next(
            apply(sheet_from_page, each.points[:1])[0, 0]
            for each in page.traces
            if (each.panel.lead, each.panel.is_rhythm) == (panel.lead, panel.is_rhythm)
        )
        assert panel.left / sheet.px_per_mm_x == pytest.approx(true / sheet.px_per_mm_x, abs=0.15)
    assert layout.time_agreed
