"""Samsung Health: the ECG table of a data export, which holds no ECG."""

from pathlib import Path

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import refusal

_MAGIC = b"com.samsung.health.ecg"


def is_samsung_table(start: bytes) -> bool:
    """Whether `start`, the first bytes of a file, begins Samsung Health's table of ECGs."""
    return start.removeprefix(b"\xef\xbb\xbf").startswith(_MAGIC)


def samsung_contents(_path: Path, source: str) -> Contents:
    """Nothing: the table lists when and how long; the curves are in PDF files beside it.

    Raises:
        RecordingError: always, with the way that there is.
    """
    raise refusal(
        "an ECG of Samsung Health is a PDF, files/com.samsung.health.ecg/*.pdf of the export",
        f"the table of ECGs, which holds no samples, in {source}",
        "digitize the PDF",
    )
