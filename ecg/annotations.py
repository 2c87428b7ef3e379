"""R peaks into a file: CSV, or WFDB annotations."""

import csv
import io
import tempfile
from pathlib import Path

from splkit.ecg.beats import Beats
from splkit.ecg.frontend import Verdict
from splkit.errors import UsageError
from splkit.optional import optional

CSV_HEADER = ("sample", "time_s", "rr_ms", "amplitude_uv", "verdict")
NORMAL, UNCLASSIFIED = "N", "Q"
"""Annotation codes: a beat whose cycle was accepted, and one whose cycle was not."""


def require_free(path: Path, force: bool) -> None:
    """Raises `UsageError` where `path` exists and `force` was not given."""
    if path.exists() and not force:
        raise UsageError(
            "results go into a new file", found=f"{path} in use", next_step="name another, or add --force"
        )


def write_beats(path: Path, beats: Beats) -> None:
    """Writes CSV where the suffix is .csv, else WFDB annotations: `100.qrs` is annotator qrs of record 100.

    Raises:
        UsageError: the name makes no annotation file.
        ToolError: the package wfdb is not installed.
    """
    content = _csv(beats) if path.suffix == ".csv" else _wfdb(path, beats)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as stream:
        stream.write(content)
    Path(stream.name).replace(path)


def _csv(beats: Beats) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    writer.writerows(beats.rows())
    return text.getvalue().encode()


def _wfdb(path: Path, beats: Beats) -> bytes:
    wfdb = optional("wfdb", "WFDB annotations are written with the package wfdb")
    annotator = path.suffix.removeprefix(".")
    if not annotator.isalpha():
        raise UsageError(
            "R peaks go into NAME.csv or into RECORD.ANNOTATOR, letters alone",
            found=path.name,
            next_step="name it like 100.qrs or peaks.csv",
        )
    symbols = [NORMAL if verdict == Verdict.ACCEPTED else UNCLASSIFIED for verdict in beats.verdict]
    with tempfile.TemporaryDirectory() as scratch:
        if len(beats.sample):
            fs_hz = beats.recording.fs_hz
            wfdb.wrann("beats", annotator, beats.sample, symbols, fs=fs_hz, write_dir=scratch)
            return (Path(scratch) / f"beats.{annotator}").read_bytes()
    return bytes(2)  # WFDB's end of file: no annotation at all
