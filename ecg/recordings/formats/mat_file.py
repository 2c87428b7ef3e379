"""The .mat files of PhysioNet and CinC.

They are WFDB signal files; a .hea file beside them describes them.
"""

from pathlib import Path

from splkit.ecg.recordings.contents import Contents
from splkit.ecg.recordings.formats.support import refusal
from splkit.ecg.recordings.wfdb_record import wfdb_contents


def mat_contents(path: Path, source: str) -> Contents:
    """The signals of the WFDB record. The .mat file alone states neither rate nor unit.

    Raises:
        RecordingError: there is no .hea file beside the .mat file.
    """
    header = path.with_suffix(".hea")
    if not header.is_file():
        raise refusal(
            "a .mat file of PhysioNet has its .hea file beside it, with rate, gain and leads",
            f"no {header.name} beside {source}",
            "fetch the .hea file too, or convert the .mat file to CSV",
        )
    return wfdb_contents(header, source)
