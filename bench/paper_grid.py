"""Measures how far the grid of `splkit digitize` lies from the paper's, on pages of our own renderer.

    python bench/paper_grid.py --drawn 60 [--seed 0] [--jobs 1]

For each page: the largest error in mm over the drawn panels, after one shift of the whole page, and the
largest error of a scale. Over 0.3 mm or 1 % without a refusal is silently wrong. A page without a grid has
its px/mm stated, as `bench/paper.py` does.
"""

import argparse
from dataclasses import dataclass

import numpy as np
from paper_pages import Drawn
from paper_score import Array

from splkit.console import out
from splkit.ecg.paper.contracts import Grid
from splkit.ecg.paper.render.rendered import Rendered
from splkit.ecg.paper.sheet.bend import shift_mm
from splkit.ecg.paper.sheet.grid import find_grid
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.ink import find_ink
from splkit.errors import SplkitError
from splkit.pool import in_parallel

WORST_MM, WORST_SCALE = 0.3, 0.01
AROUND_MM = 10.0
"""Above the first baseline and below the last one: as far as traces reach."""


@dataclass(frozen=True)
class Error:
    """Of one page."""

    name: str
    looks: str
    worst_mm: float = 0.0
    scale: float = 0.0
    refusal: str = ""


def measure(drawn: Drawn) -> Error:
    """Finds the grid of one page and compares it with the truth; in a process of its own."""
    case, page = drawn.load(), drawn.rendered()
    try:
        grid = find_grid(case.page, find_ink(case.page), case.hints)
    except SplkitError as error:
        return Error(drawn.name, case.looks, refusal=str(error))
    worst_mm, scale = _compare(page, grid)
    return Error(drawn.name, case.looks, worst_mm, scale)


def _compare(page: Rendered, grid: Grid) -> tuple[float, float]:
    """Largest distance in mm after one shift, and largest relative error of a scale."""
    px_per_mm = np.array([page.style.px_per_mm_x, page.style.px_per_mm_y])
    panels = page.layout.panels
    low = np.array([min(each.left for each in panels), min(each.baseline for each in panels)]) / px_per_mm
    high = np.array([max(each.right for each in panels), max(each.baseline for each in panels)]) / px_per_mm
    x, y = np.meshgrid(
        np.linspace(low[0], high[0], 25), np.linspace(low[1] - AROUND_MM, high[1] + AROUND_MM, 15)
    )
    true_mm: Array = np.column_stack([x.ravel(), y.ravel()])
    on_page = page.page_from_drawn(true_mm * px_per_mm)
    size = np.array(page.rgb.shape[1::-1])
    shown = np.all((on_page >= 0) & (on_page < size), axis=1)
    flat = apply(np.linalg.inv(grid.page_from_mm), on_page[shown])
    found_mm = flat + (shift_mm(grid.bend, flat) if grid.bend is not None else 0)
    error = found_mm - true_mm[shown]
    slopes = [np.polyfit(true_mm[shown, axis], error[:, axis], 1)[0] for axis in (0, 1)]
    return float(np.abs(error - np.median(error, axis=0)).max()), float(np.abs(slopes).max())


def main() -> None:
    """Prints a line a page and the count of what is silently wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--drawn", type=int, default=60, metavar="N")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    asked = parser.parse_args()
    pages = [Drawn(asked.seed + each) for each in range(asked.drawn)]
    died = lambda page: Error(page.name, "", refusal="its process died")  # noqa: E731
    errors = [error for _, error in in_parallel(measure, pages, asked.jobs, died)]
    for each in errors:
        found = each.refusal or f"{each.worst_mm:.2f} mm, scale {each.scale:.2%}"
        out.print(f"{each.name}: {found} [{each.looks}]", soft_wrap=True)
    read = [each for each in errors if not each.refusal]
    wrong = [each.name for each in read if each.worst_mm > WORST_MM or each.scale > WORST_SCALE]
    out.print(f"{len(errors)} pages, refused {len(errors) - len(read)}, silently wrong {len(wrong)}: {wrong}")
    out.print(f"largest error, median: {np.median([each.worst_mm for each in read]):.3f} mm")


if __name__ == "__main__":
    main()
