"""Any image file or PDF as pages: upright, in sRGB, within bounds that are checked before decoding."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from splkit.ecg.paper.contracts import Page
from splkit.ecg.paper.pages.bounds import (
    MAX_DECODED_BYTES,
    MAX_FILE_BYTES,
    MAX_PAGES,
    MAX_PIXELS,
    MIN_SIDE,
    refuse_page,
    shrinkage,
)
from splkit.ecg.paper.pages.decode import decoded
from splkit.ecg.paper.pages.pdf import is_pdf, load_pdf_page, pdf_pages
from splkit.errors import SplkitError, reason
from splkit.optional import optional

FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "PPM")
"""What is read beside PDF. Formats that start other programs (EPS) or fetch files are left out."""

SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp", ".pdf"})
"""Names that are taken from a folder."""

SCREEN_DPI = (72.0, 96.0)
"""What programs write that know no resolution."""

MM_PER_INCH = 25.4


def load_pages(path: Path) -> Iterator[Page]:
    """The pages of a file, one at a time.

    Raises:
        RecordingError: no such file, none of the formats, damaged, with a password, too large or too small.
        ToolError: the packages of `[digitize]` are not installed.
    """
    for index in range(count_pages(path)):
        yield load_page(path, index)


def count_pages(path: Path) -> int:
    """How many pages a file has; images are one page each, save TIFFs.

    Raises:
        RecordingError, ToolError: as `load_pages`.
    """
    _require_readable(path)
    if is_pdf(path):
        pages = pdf_pages(path)
    else:
        with _opened(path) as image:
            pages = image.n_frames if image.format == "TIFF" else 1
    if pages > MAX_PAGES:
        raise refuse_page(
            f"a file has {MAX_PAGES} pages at most", f"{pages} in {path}", "split it into several"
        )
    return int(pages)


def load_page(path: Path, index: int = 0) -> Page:
    """One page of a file, by its number from 0.

    Raises:
        RecordingError, ToolError: as `load_pages`.
    """
    _require_readable(path)
    if is_pdf(path):
        return load_pdf_page(path, index)
    with _opened(path) as image:
        several = image.format == "TIFF" and image.n_frames > 1
        if several:
            image.seek(index)
        source = f"{path}, page {index + 1}" if several else str(path)
        stated = _stated_px_per_mm(image)
        longest = max(image.size)
        _require_size(image, source)
        rgb = decoded(image)
    return Page(rgb, source, None if stated is None else stated * max(rgb.shape) / longest)


def _require_readable(path: Path) -> None:
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise refuse_page("a page is a file", f"{path}, a folder", "name the files in it")
        with path.open("rb"):
            pass
    except OSError as error:
        raise refuse_page(
            "a page is a file that can be read", f"{path} ({reason(error)})", "check the path"
        ) from error
    if not 0 < size <= MAX_FILE_BYTES:
        raise refuse_page(
            f"a page is a file of 1 byte to {MAX_FILE_BYTES >> 20} MB",
            f"{size:,} bytes in {path}",
            "scan it again" if not size else "split it, or scan it at 300 dpi",
        )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """The image, its header read. Whatever Pillow raises within ends as one sentence."""
    images: Any = optional("PIL.Image", "image files are read with Pillow")
    limit, images.MAX_IMAGE_PIXELS = images.MAX_IMAGE_PIXELS, None  # `_require_size` has a rule of its own
    try:
        with images.open(path, formats=FORMATS) as image:
            yield image
    except SplkitError:
        raise
    except images.UnidentifiedImageError as error:
        raise refuse_page(
            "a page is a PNG, JPEG, TIFF, BMP, GIF, WebP or PDF file",
            f"{path}, whose content is none of them",
            "convert it to PNG",
        ) from error
    except MemoryError as error:
        raise refuse_page(
            "a page fits into memory", f"{path}, which does not", "scan it at 300 dpi"
        ) from error
    except Exception as error:  # Pillow's plugins raise whatever their parsers meet in a damaged file
        raise refuse_page(
            "an image file is whole", f"{path} ({reason(error)})", "copy or scan it again"
        ) from error
    finally:
        images.MAX_IMAGE_PIXELS = limit


def _require_size(image: Any, source: str) -> None:
    """Holds the header's size to the bounds; a JPEG is told to decode at a half, quarter or eighth."""
    width, height = image.size
    if min(width, height) < MIN_SIDE:
        raise refuse_page(
            f"a page is {MIN_SIDE} pixels wide and high or more",
            f"{width} x {height} in {source}",
            "scan it at 150 dpi or more",
        )
    is_progressive = bool(image.info.get("progressive"))
    if image.format in ("JPEG", "MPO") and not is_progressive and width * height > MAX_PIXELS:
        # A factor that leaves no fewer pixels than `shrinkage` would.
        factor = min(8, 1 << (shrinkage(width, height).bit_length() - 1))
        image.draft(None, (width // factor, height // factor))
    width, height = image.size
    bytes_a_pixel = {"1": 1, "L": 1, "P": 1}.get(image.mode, 2 if image.mode.startswith("I;16") else 4)
    needed = width * height * bytes_a_pixel * (2 if is_progressive else 1)
    if needed > MAX_DECODED_BYTES:
        raise refuse_page(
            f"a page takes {MAX_DECODED_BYTES >> 20} MB at most when it is decoded",
            f"{image.width:,} x {image.height:,} pixels, {needed >> 20} MB, in {source}",
            "scale it down: 300 dpi are plenty",
        )


def _stated_px_per_mm(image: Any) -> float | None:
    """What the file states as its resolution; None where it states none, or a screen's."""
    try:
        across, down = (float(dpi) for dpi in image.info["dpi"])
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    is_screen = any(abs(across - dpi) < 0.5 for dpi in SCREEN_DPI)
    return None if is_screen or across != down or not 50 <= across <= 2400 else across / MM_PER_INCH
