"""Every kind of image file as upright sRGB, or one sentence; sizes are refused before anything is decoded."""

import hashlib
import io
import zlib

import numpy as np
import pytest

from splkit.ecg.paper.pages import image as image_module
from splkit.ecg.paper.pages.bounds import MAX_PIXELS
from splkit.ecg.paper.pages.image import count_pages, load_page, load_pages
from splkit.errors import RecordingError

images = pytest.importorskip("PIL.Image", reason="Pillow, of the extra [digitize], is not installed")
pytest.importorskip("pypdfium2", reason="pypdfium2, of the extra [digitize], is not installed")

CORNER = np.array([200, 30, 40], np.uint8)


def marked(height: int = 120, width: int = 160) -> np.ndarray:
    """Grey paper, red in its top left corner."""
    rgb = np.full((height, width, 3), 230, np.uint8)
    rgb[:20, :30] = CORNER
    return rgb


def near(found: np.ndarray, wanted: np.ndarray, by: int = 3) -> bool:
    return bool((np.abs(found.astype(int) - wanted.astype(int)) <= by).all())


@pytest.mark.parametrize("suffix", ["png", "bmp", "tif", "webp", "gif"])
def test_pixels_arrive_as_they_are(tmp_path, suffix):
    path = tmp_path / f"page.{suffix}"
    images.fromarray(marked()).save(path, **({"lossless": True} if suffix == "webp" else {}))
    assert near(load_page(path).rgb, marked())


@pytest.mark.parametrize(
    ("orientation", "corner"),
    [
        (1, "top left"),
        (2, "top right"),
        (3, "bottom right"),
        (4, "bottom left"),
        (5, "top left"),
        (6, "top right"),
        (7, "bottom right"),
        (8, "bottom left"),
    ],
)
@pytest.mark.parametrize("suffix", ["png", "tif"])
def test_exif_turns_the_page(tmp_path, orientation, corner, suffix):
    """EXIF 2.32: of orientation 6, the first row of the file is the right edge of what is shown."""
    exif = images.Exif()
    exif[0x0112] = orientation
    path = tmp_path / f"page.{suffix}"
    images.fromarray(marked()).save(path, exif=exif)
    rgb = load_page(path).rgb
    assert rgb.shape == ((120, 160, 3) if orientation < 5 else (160, 120, 3))
    row, column = (-1 if "bottom" in corner else 0), (-1 if "right" in corner else 0)
    assert near(rgb[row, column], CORNER)
    red = (rgb[:, :, 1] < 100).sum()
    assert red == 20 * 30


def test_sixteen_bits_a_pixel_of_a_scanner_that_uses_twelve(tmp_path):
    values = np.full((120, 160), 4095, np.uint16)
    values[:, 80:] = 1365
    path = tmp_path / "page.png"
    images.fromarray(values).save(path)
    rgb = load_page(path).rgb
    assert near(rgb[:, :80], np.uint8([255] * 3)) and near(rgb[:, 80:], np.uint8([85] * 3))


def test_transparent_is_paper_and_palettes_are_colours(tmp_path):
    alpha = np.dstack([marked(), np.full((120, 160), 255, np.uint8)])
    alpha[100:, :, 3] = 0
    alpha[100:, :, :3] = 0
    images.fromarray(alpha).save(tmp_path / "alpha.png")
    rgb = load_page(tmp_path / "alpha.png").rgb
    assert near(rgb[:100], marked()[:100]) and near(rgb[100:], np.uint8([255] * 3))
    palette = images.fromarray(marked()).quantize(8)
    palette.save(tmp_path / "palette.png", transparency=palette.getpixel((100, 100)))
    rgb = load_page(tmp_path / "palette.png").rgb
    assert near(rgb[0, 0], CORNER, 8) and near(rgb[100, 100], np.uint8([255] * 3))


def test_cmyk_and_black_and_white(tmp_path):
    images.fromarray(marked()).convert("CMYK").save(tmp_path / "cmyk.jpg", quality=95)
    assert near(load_page(tmp_path / "cmyk.jpg").rgb[60, 100], np.uint8([230] * 3), 6)
    bits = np.zeros((120, 160), bool)
    bits[:, :80] = True
    images.fromarray(bits).save(tmp_path / "fax.tif", compression="group4")
    rgb = load_page(tmp_path / "fax.tif").rgb
    assert (rgb[:, :80] == 255).all() and (rgb[:, 80:] == 0).all()


def test_a_tiff_has_pages_each_with_its_name(tmp_path):
    path = tmp_path / "pages.tif"
    pages = [images.fromarray(np.full((120, 160, 3), level, np.uint8)) for level in (50, 100, 150)]
    pages[0].save(path, save_all=True, append_images=pages[1:])
    assert count_pages(path) == 3
    read = list(load_pages(path))
    assert [int(page.rgb[0, 0, 0]) for page in read] == [50, 100, 150]
    assert read[1].source == f"{path}, page 2"


def test_a_stated_resolution_follows_the_page_when_it_is_shrunk(tmp_path, monkeypatch):
    path = tmp_path / "page.png"
    images.fromarray(marked(240, 320)).save(path, dpi=(254, 254))
    assert load_page(path).px_per_mm_hint == pytest.approx(10, rel=1e-3)
    monkeypatch.setattr("splkit.ecg.paper.pages.bounds.MAX_PIXELS", 240 * 320 // 4)
    page = load_page(path)
    assert page.rgb.shape == (120, 160, 3)
    assert page.px_per_mm_hint == pytest.approx(5, rel=1e-3)
    images.fromarray(marked()).save(path, dpi=(72, 72))
    assert load_page(path).px_per_mm_hint is None


def png_header(width: int, height: int) -> bytes:
    """A PNG that states a size and holds nothing: enough for a header to be judged."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


def test_a_giant_is_refused_by_its_header(tmp_path, monkeypatch):
    (tmp_path / "giant.png").write_bytes(png_header(20_000, 20_000))
    monkeypatch.setattr(image_module, "decoded", lambda _: pytest.fail("it was decoded"))
    with pytest.raises(RecordingError, match=r"256 MB at most.*20,000 x 20,000"):
        load_page(tmp_path / "giant.png")


def test_a_giant_jpeg_is_decoded_small(tmp_path):
    content = io.BytesIO()
    images.new("L", (6000, 5000), 200).save(content, "JPEG")
    (tmp_path / "giant.jpg").write_bytes(content.getvalue())
    height, width, _ = load_page(tmp_path / "giant.jpg").rgb.shape
    assert (height, width) == (2500, 3000)
    assert MAX_PIXELS < 6000 * 5000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "0 bytes"),
        (b"not an image", "none of them"),
        (b"%PDF-1.7 no more", "a PDF is whole"),
        (b"\x89PNG\r\n\x1a\n", "none of them"),
        (png_header(40, 40), "100 pixels wide and high or more; found 40 x 40"),
        (png_header(400, 400), "whole"),
    ],
)
def test_what_is_no_page_is_told_in_a_sentence(tmp_path, content, said):
    (tmp_path / "page.png").write_bytes(content)
    with pytest.raises(RecordingError, match=said):
        load_page(tmp_path / "page.png")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.98])
def test_a_truncated_jpeg(tmp_path, share):
    noise = np.random.default_rng(1).integers(0, 255, (200, 200, 3)).astype(np.uint8)
    content = io.BytesIO()
    images.fromarray(noise).save(content, "JPEG")
    path = tmp_path / "page.jpg"
    path.write_bytes(content.getvalue()[: int(len(content.getvalue()) * share)])
    with pytest.raises(RecordingError, match="an image file is whole"):
        load_page(path)


def test_a_folder_and_nothing_at_all(tmp_path):
    with pytest.raises(RecordingError, match="a folder"):
        load_page(tmp_path)
    with pytest.raises(RecordingError, match="No such file"):
        load_page(tmp_path / "none.png")


def test_pdf_pages_come_at_the_resolution_of_the_scan_inside(tmp_path):
    path = tmp_path / "scan.pdf"
    pages = [images.fromarray(np.roll(marked(300, 400), shift, 1)) for shift in (0, 200)]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=127)
    assert count_pages(path) == 2
    first, second = load_pages(path)
    assert first.rgb.shape == (300, 400, 3)
    assert first.px_per_mm_hint == pytest.approx(5, rel=0.01)
    assert near(first.rgb[5, 5], CORNER, 12) and near(second.rgb[5, 205], CORNER, 12)
    assert second.source == f"{path}, page 2"


def test_a_pdf_of_lines_has_12_pixels_a_mm(tmp_path):
    (tmp_path / "lines.pdf").write_bytes(pdf(b"0 0 0 RG 2 w 36 36 m 36 250 l S"))
    page = load_page(tmp_path / "lines.pdf")
    assert page.px_per_mm_hint == 12
    assert page.rgb.shape[0] == pytest.approx(288 / 72 * 25.4 * 12, abs=1)
    middle = page.rgb[page.rgb.shape[0] // 2, :, 0]
    assert np.flatnonzero(middle < 128).mean() == pytest.approx(36 / 72 * 25.4 * 12, abs=1)


def test_a_pdf_with_a_password(tmp_path):
    (tmp_path / "secret.pdf").write_bytes(pdf(b"", password=b"secret"))
    with pytest.raises(RecordingError, match="opens without a password"):
        load_page(tmp_path / "secret.pdf")


def pdf(drawing: bytes, password: bytes = b"") -> bytes:
    """One page of 4 x 4 inches; with a password by the standard handler, revision 2 (PDF 1.7, 7.6.3)."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 288 288]/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(drawing), drawing),
    ]
    trailer = b"/Root 1 0 R"
    if password:
        pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
        padded = (password + pad)[:32]
        owner = rc4(hashlib.md5(padded).digest()[:5], padded)
        key = hashlib.md5(padded + owner + (-4 & 0xFFFFFFFF).to_bytes(4, "little") + b"0" * 16).digest()[:5]
        user = rc4(key, pad)
        objects.append(
            b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (owner.hex().encode(), user.hex().encode())
        )
        trailer += b"/Encrypt 5 0 R/ID[<%s><%s>]" % (b"30" * 16, b"30" * 16)
    body, offsets = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % at for at in offsets)
    size = len(objects) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n" % size
    return body + head + table + b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF" % (size, trailer, len(body))


def rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    made = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        made.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(made)
