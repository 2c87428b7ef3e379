"""PhysioNet's and CinC's .mat files: WFDB signals, which the .hea file beside them describes."""

from pathlib import Path

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import refusal
from splkit.ecg.recordings.wfdb_record import wfdb_contents


def mat_contents(path: Path, source: str) -> Contents:
    """The signals of the WFDB record; the .mat file alone has neither rate nor unit.

    Raises:
        RecordingError: no .hea file is beside it.
    """
    header = path.with_suffix(".hea")
    if not header.is_file():
        raise refusal(
            "a .mat file of PhysioNet has its .hea file beside it, with rate, gain and leads",
            f"no {header.name} beside {source}",
            "fetch the .hea file too, or convert the .mat file to CSV",
        )
    return wfdb_contents(header, source)
