"""Samsung Health: the table of ECGs in a data export. It holds no samples, so it is always refused."""

from pathlib import Path

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import refusal

_MAGIC = b"com.samsung.health.ecg"


def is_samsung_table(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins Samsung Health's table of ECGs."""
    return start.removeprefix(b"\xef\xbb\xbf").startswith(_MAGIC)


def samsung_contents(_path: Path, source: str) -> Contents:
    """Refuses the table: it lists only when each ECG was taken. The curves are in PDF files beside it.

    Raises:
        RecordingError: always. The message says what the user can do instead.
    """
    raise refusal(
        "an ECG of Samsung Health is a PDF, files/com.samsung.health.ecg/*.pdf of the export",
        f"the table of ECGs, which holds no samples, in {source}",
        "digitize the PDF",
    )
