"""The traces over the page, for a person to check: what was seen, what is guessed, where each lead lies."""

import numpy as np
import numpy.typing as npt

from splkit.ecg.paper.contracts import Array, Digitized, Stroke
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.sheet.homography import apply
from splkit.ecg.paper.sheet.rectify import flat_mm
from splkit.errors import ToolError

SEEN, HIDDEN, DOUBTFUL = (0, 90, 255), (255, 140, 0), (220, 0, 200)
"""RGB: of what ink shows, of what is hidden, and of segments that are not called good."""
FADED = 0.45
"""How much of the page's contrast stays below the traces."""
SUBPIXEL_BITS = 4


def overlay(digitized: Digitized, good: float = 0.0) -> bytes:
    """A PNG of the page's size: the page faded, traces in blue, hidden spans orange, doubtful ones purple.

    Raises:
        ToolError: OpenCV is not installed.
    """
    page = digitized.page.rgb
    canvas = (255 - (255 - page.astype(np.uint16)) * round(FADED * 256) // 256).astype(np.uint8)
    doubtful = {
        (each.lead, each.is_rhythm, round(each.start_s, 2))
        for each in digitized.segments
        if each.quality.confidence < good
    }
    for stroke in digitized.strokes:
        panel = stroke.panel
        is_doubtful = (panel.lead, panel.is_rhythm, round(panel.start_s, 2)) in doubtful
        _draw(canvas, stroke, digitized, DOUBTFUL if is_doubtful else SEEN)
        _name(canvas, stroke, digitized)
    done, png = cv2().imencode(".png", canvas[:, :, ::-1], [cv2().IMWRITE_PNG_COMPRESSION, 4])
    if not done:
        raise ToolError("OpenCV writes PNGs", found="none", next_step="install opencv-python again")
    return bytes(png)


def on_page(x: Array, y: Array, digitized: Digitized) -> Array:
    """Sheet pixels as page pixels, (n, 2), with the bend of paper that does not lie flat."""
    at, grid = np.stack([x, y], axis=1), digitized.grid
    if grid.bend is None:
        return apply(digitized.page_from_sheet, at)
    paper_mm = apply(np.linalg.inv(grid.page_from_mm) @ digitized.page_from_sheet, at)
    return apply(grid.page_from_mm, flat_mm(grid.bend, paper_mm))


def spans(shown: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """(first, end) of each run of true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], shown, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]


def _draw(
    canvas: npt.NDArray[np.uint8], stroke: Stroke, digitized: Digitized, color: tuple[int, int, int]
) -> None:
    known = np.isfinite(stroke.y)
    for shown, tint in ((known & ~stroke.seen, HIDDEN), (known & stroke.seen, color)):
        for first, end in spans(shown):
            end = min(end + 1, len(known)) if end < len(known) and known[end] else end
            at = on_page(stroke.x[first:end], stroke.y[first:end], digitized)
            fixed = np.rint(at * (1 << SUBPIXEL_BITS)).astype(np.int32)
            cv2().polylines(canvas, [fixed[:, None]], False, tint, 1, cv2().LINE_AA, SUBPIXEL_BITS)


def _name(canvas: npt.NDArray[np.uint8], stroke: Stroke, digitized: Digitized) -> None:
    panel = stroke.panel
    left, right = np.array([panel.left]), np.array([panel.right])
    baseline = np.array([panel.baseline])
    (x, y), (end_x, end_y) = (on_page(each, baseline, digitized)[0] for each in (left, right))
    size = max(canvas.shape[1] / 2200, 0.4)
    ends = [(round(float(a)), round(float(b))) for a, b in ((x, y), (end_x, end_y))]
    cv2().line(canvas, *ends, (0, 150, 90), 1, cv2().LINE_AA)
    text = f"{panel.lead}{' strip' if panel.is_rhythm else ''} {panel.start_s:g} s"
    at = (ends[0][0] + round(4 * size), ends[0][1] - round(6 * size))
    cv2().putText(canvas, text, at, cv2().FONT_HERSHEY_SIMPLEX, 0.6 * size, (0, 110, 60), 1, cv2().LINE_AA)
