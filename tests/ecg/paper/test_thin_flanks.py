"""Upright lines of a pixel's width lie on two columns of a coarse page, where each is paler than ink."""

import numpy as np
import pytest

from splkit.ecg.paper.trace.clutter import CleanInk
from splkit.ecg.paper.trace.runs import find_runs

BASE, TIP = 80, 20


def page(wide_px: int = 1) -> np.ndarray:
    """A level line with a wave of 6 columns whose flanks lie between two columns: half of the ink on each."""
    coverage = np.zeros((120, 60), np.float32)
    coverage[BASE : BASE + wide_px] = 0.95
    coverage[BASE : BASE + wide_px, 28:33] = 0
    for left in (27, 32):
        coverage[TIP:BASE, left : left + 2] = 0.42
    coverage[TIP : TIP + 2, 28:33] = 0.8
    return coverage


def tops(coverage: np.ndarray) -> np.ndarray:
    """Of columns 26 to 34 the highest ink."""
    none = np.zeros(coverage.shape, bool)
    runs = find_runs(CleanInk(coverage, none, none, 0.5))
    assert np.all(runs.top <= runs.bottom)
    return np.array([runs.top[runs.column == column].min(initial=np.inf) for column in range(26, 35)])


def test_flanks_between_two_columns_are_ink_that_goes_up_to_the_tip() -> None:
    assert tops(page())[[1, 6]] == pytest.approx([TIP, TIP], abs=2.5)


def test_pale_ink_is_no_flank_where_none_joins_it_or_where_it_is_broad_or_the_page_is_fine() -> None:
    alone = page()
    alone[TIP : TIP + 2, 28:33] = 0
    alone[BASE - 4 : BASE, 27:34] = 0
    assert tops(alone)[[1, 6]].min() > BASE - 4
    broad = page()
    broad[TIP + 2 : BASE, 25:36] = 0.42
    assert tops(broad)[[0, 8]].min() >= BASE - 1
    fine = page(wide_px=3)
    fine[TIP : TIP + 2, 28:33] = 0
    assert tops(fine)[[1, 6]].min() > BASE - 4
