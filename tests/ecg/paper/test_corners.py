"""A page cut out by its corners: every point of it is where a person said it is."""

import numpy as np
import pytest

from splkit.ecg.paper.contracts import Page
from splkit.ecg.paper.pages.corners import cut_out
from splkit.errors import UsageError

cv2 = pytest.importorskip("cv2", reason="OpenCV, of the extra [digitize], is not installed")

CORNERS = ((60.0, 40.0), (330.0, 70.0), (300.0, 260.0), (40.0, 230.0))


def photo() -> tuple[Page, np.ndarray]:
    """A dark table, and on it a white sheet of 200 x 150 with a dot at (150, 30); where the dot is."""
    sheet = np.full((150, 200, 3), 255, np.uint8)
    cv2.circle(sheet, (150, 30), 4, (200, 0, 0), -1)
    edges = np.array([[0, 0], [199, 0], [199, 149], [0, 149]], np.float32)
    way = cv2.getPerspectiveTransform(edges, np.array(CORNERS, np.float32))
    rgb = cv2.warpPerspective(sheet, way, (400, 300), borderValue=(30, 30, 30))
    dot = way @ [150, 30, 1]
    return Page(rgb, "photo.jpg", 8.0), dot[:2] / dot[2]


def test_the_paper_fills_the_page_and_points_go_back():
    page, dot = photo()
    paper, page_from_paper = cut_out(page, CORNERS)
    assert paper.rgb.shape[:2] == (192, 272)  # the longer sides: 271.7 and 192.3
    assert (paper.rgb[5:-5, 5:-5].min(axis=2) < 100).mean() < 0.01  # no table is left
    ys, xs = np.nonzero(paper.rgb[5:-5, 5:-5, 1] < 128)
    middle = np.array([xs.mean() + 5, ys.mean() + 5, 1])
    back = page_from_paper @ middle
    assert back[:2] / back[2] == pytest.approx(dot, abs=0.7)
    assert paper.px_per_mm_hint is None


@pytest.mark.parametrize(
    ("corners", "said"),
    [
        (((0, 0), (500, 0), (399, 299), (0, 299)), "lie on the picture, 400 x 300"),
        (((0, 0), (0, 299), (399, 299), (399, 0)), "top left, top right"),
        (((0, 0), (399, 299), (399, 0), (0, 299)), "top left, top right"),
        (((10, 10), (20, 10), (20, 20), (10, 20)), "top left, top right"),
        (((0, 0), (399, 0), (100, 50), (0, 299)), "top left, top right"),
    ],
)
def test_corners_that_are_none(corners, said):
    with pytest.raises(UsageError, match=said):
        cut_out(photo()[0], tuple((float(x), float(y)) for x, y in corners))
