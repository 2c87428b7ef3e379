"""How large a page may be: known from a header, before anything is decoded."""

from splkit.errors import RecordingError

MAX_FILE_BYTES = 512 << 20
MAX_DECODED_BYTES = 256 << 20
"""64 million pixels in colour, 256 million in grey or black and white."""
MAX_PIXELS = 18_000_000
"""A letter page at 16 px/mm with a margin. Finer ones are shrunk: a pen's line has 4 pixels then."""
MIN_SIDE = 100
"""Less cannot hold 2.5 s at 3 px/mm and 25 mm/s."""
MAX_PAGES = 1000


def shrinkage(width: int, height: int) -> int:
    """The smallest whole factor that brings a page to `MAX_PIXELS`, 1 where it has no more."""
    factor = 1
    while (width // factor) * (height // factor) > MAX_PIXELS:
        factor += 1
    return factor


def refuse_page(rule: str, found: str, next_step: str) -> RecordingError:
    """The refusal of a file that is no page, or none within bounds."""
    return RecordingError(rule, found=found, next_step=next_step)
