"""Lines that a PDF draws itself: a trace as its program had it, sample by sample."""

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from typing import Any, NamedTuple

import numpy as np

from splkit.ecg.paper.contracts import Array
from splkit.optional import optional

MIN_POINTS = 100
"""A trace has a point a sample or a few; grid lines, pulses and frames have 2 to 8."""
MAX_POINTS = 1_000_000
"""Of a whole page. A page with more is read from its picture alone: time and memory stay bounded."""
JOINED_PT = 0.02
"""Lines of which one begins where the last ended are one: some programs draw every step by itself."""
MAX_DEPTH = 5
"""Of forms within forms."""
FINE = 1024
"""pdfium tells pixels of a page in whole numbers: it is asked about a picture so many times as fine."""


class _Objects(NamedTuple):
    """A page or a form: how many objects it holds, and how to get one."""

    count: Any
    get: Any


def drawn_lines(page: Any, width: int, height: int) -> tuple[Array, ...]:
    """The long lines of a page of pypdfium2's, in pixels of a picture of `width` x `height` of it.

    Returns:
        (n, 2) each, x and y of its points in the order in which they are drawn; none where the page holds
        more than MAX_POINTS.
    """
    raw = optional("pypdfium2.raw", "PDFs are read with pypdfium2")
    to_pixels = _pixels_from_points(raw, page, width, height)
    found: list[list[tuple[float, float]]] = []
    total = 0
    for points in _pieces(
        raw, page.raw, _Objects(raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject), np.eye(3), 0
    ):
        total += len(points)
        if total > MAX_POINTS:
            return ()
        if found and np.hypot(*np.subtract(found[-1][-1], points[0])) < JOINED_PT:
            found[-1] += points[1:]
        else:
            found.append(points)
    lines = (np.array(points) for points in found if len(points) >= MIN_POINTS)
    return tuple(np.column_stack([line, np.ones(len(line))]) @ to_pixels.T for line in lines)


def _pixels_from_points(raw: Any, page: Any, width: int, height: int) -> Array:
    """(2, 3) from PDF points to pixels; the page's own rotation and crop are in it."""
    corners = np.array([[0.0, 0.0], [1000.0, 0.0], [0.0, 1000.0]])
    pixels = []
    for x, y in corners:
        across, down = c_int(), c_int()
        raw.FPDF_PageToDevice(
            page.raw, 0, 0, width * FINE, height * FINE, 0, x, y, byref(across), byref(down)
        )
        pixels.append([across.value / FINE - 0.5, down.value / FINE - 0.5])
    at = np.array(pixels)
    return np.column_stack([(at[1] - at[0]) / 1000, (at[2] - at[0]) / 1000, at[0]])


def _pieces(
    raw: Any, holder: Any, objects: _Objects, outer: Array, depth: int
) -> Iterator[list[tuple[float, float]]]:
    """Each unbroken line that is stroked, in points of the page. Curves are passed over."""
    for index in range(objects.count(holder)):
        each = objects.get(holder, index)
        kind = raw.FPDFPageObj_GetType(each)
        if kind not in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM):
            continue
        matrix = outer @ _matrix(raw, each)
        if kind == raw.FPDF_PAGEOBJ_FORM:
            if depth < MAX_DEPTH:
                inner = _Objects(raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject)
                yield from _pieces(raw, each, inner, matrix, depth + 1)
            continue
        fill, stroked = c_int(), c_int()
        if raw.FPDFPath_GetDrawMode(each, byref(fill), byref(stroked)) and stroked.value:
            for points in _path(raw, each):
                placed = np.column_stack([points, np.ones(len(points))]) @ matrix[:2].T
                yield [(float(x), float(y)) for x, y in placed]


def _path(raw: Any, path: Any) -> Iterator[list[tuple[float, float]]]:
    points: list[tuple[float, float]] = []
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        kind = raw.FPDFPathSegment_GetType(segment)
        x, y = c_float(), c_float()
        is_there = raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if kind != raw.FPDF_SEGMENT_LINETO or not is_there:
            if len(points) > 1:
                yield points
            points = []
        if is_there and kind in (raw.FPDF_SEGMENT_LINETO, raw.FPDF_SEGMENT_MOVETO):
            points.append((x.value, y.value))
    if len(points) > 1:
        yield points


def _matrix(raw: Any, each: Any) -> Array:
    """(3, 3) from an object's own points to those of what holds it."""
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(each, byref(found)):
        return np.eye(3)
    return np.array([[found.a, found.c, found.e], [found.b, found.d, found.f], [0.0, 0.0, 1.0]])
