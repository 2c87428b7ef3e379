"""Pages of a PDF, rendered at the resolution that fits them: that of the scan inside, or 12 px/mm."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from splkit.ecg.paper.contracts import Page
from splkit.ecg.paper.pages.bounds import MAX_PIXELS, MIN_SIDE, refuse_page
from splkit.ecg.paper.pages.pdf_lines import drawn_lines
from splkit.errors import reason
from splkit.optional import optional

POINTS_PER_MM = 72 / 25.4
VECTOR_PX_PER_MM = 12.0
"""Of a page of lines: a pen of 0.3 mm is then 3.6 pixels wide, and 25 mm/s are 300 pixels/s."""
MAX_PX_PER_MM = 24.0
MOSTLY = 0.5
"""An image over more than this share of the page is the scan of it."""


def is_pdf(path: Path) -> bool:
    """Whether a file begins as a PDF does; up to 1024 bytes may come before."""
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1029)


def pdf_pages(path: Path) -> int:
    """How many pages a PDF has.

    Raises:
        RecordingError: it is damaged or has a password.
    """
    with _document(path) as document:
        return len(document)


def load_pdf_page(path: Path, index: int) -> Page:
    """Renders the page `index`, counted from 0.

    Raises:
        RecordingError: the PDF is damaged or has a password, or the page is too small.
    """
    with _document(path) as document:
        page = document[index]
        width_mm, height_mm = (side / POINTS_PER_MM for side in page.get_size())
        source = f"{path}, page {index + 1}" if len(document) > 1 else str(path)
        px_per_mm = _px_per_mm(page)
        fitting = (MAX_PIXELS / max(width_mm * height_mm, 1e-6)) ** 0.5
        px_per_mm = min(px_per_mm, fitting)
        if min(width_mm, height_mm) * px_per_mm < MIN_SIDE:
            raise refuse_page(
                f"a page is {MIN_SIDE} pixels wide and high or more",
                f"{width_mm:.0f} x {height_mm:.0f} mm in {source}",
                "print it on a larger page",
            )
        bitmap = page.render(scale=px_per_mm / POINTS_PER_MM, rev_byteorder=True, prefer_bgrx=False)
        rgb = np.array(bitmap.to_numpy()[:, :, :3] if bitmap.n_channels >= 3 else bitmap.to_numpy(), np.uint8)
        lines = drawn_lines(page, rgb.shape[1], rgb.shape[0])
    if rgb.shape[2] == 1:
        rgb = np.repeat(rgb, 3, axis=2)
    return Page(rgb, source, px_per_mm, lines)


def _px_per_mm(page: Any) -> float:
    """The resolution of the image that fills the page, or that of a page of lines."""
    raw = optional("pypdfium2.raw", "PDFs are read with pypdfium2")
    width, height = page.get_size()
    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = each.get_bounds() if hasattr(each, "get_bounds") else each.get_pos()
        if (right - left) * (top - bottom) > MOSTLY * width * height:
            across, _ = each.get_px_size()
            return float(min(across / ((right - left) / POINTS_PER_MM), MAX_PX_PER_MM))
    return VECTOR_PX_PER_MM


@contextmanager
def _document(path: Path) -> Iterator[Any]:
    """The PDF, open. Whatever pdfium says ends as one sentence."""
    pdfium = optional("pypdfium2", "PDFs are read with pypdfium2")
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise refuse_page(
                "a PDF opens without a password", f"{path}, which asks for one", "save it without"
            ) from error
        raise _damaged(path, error) from error
    try:
        yield document
    except (pdfium.PdfiumError, ValueError, IndexError) as error:
        raise _damaged(path, error) from error
    finally:
        document.close()


def _damaged(path: Path, error: Exception) -> Exception:
    return refuse_page("a PDF is whole", f"{path} ({reason(error)})", "save it again")
