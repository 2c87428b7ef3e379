"""R peaks into a file: CSV, or WFDB annotations."""

import csv
import io
from pathlib import Path

from splkit.ecg.frontend import Verdict
from splkit.ecg.rpeaks.find import RPeaks
from splkit.errors import UsageError
from splkit.files import write_whole
from splkit.folders import scratch_folder
from splkit.optional import optional

CSV_HEADER = ("sample", "time_s", "rr_ms", "amplitude_uv", "verdict")
NORMAL, UNCLASSIFIED = "N", "Q"
"""Annotation codes: a beat whose cycle was accepted, and one whose cycle was not."""

_OF_RECORDINGS = ("hea", "dat", "mat", "edf", "bdf")


def check_name(path: Path, recording: Path) -> None:
    """Hold the name of a file of R peaks to what can be written there.

    Raises:
        UsageError: it makes no annotation file, or it is part of the recording.
    """
    annotator = path.suffix.removeprefix(".")
    if path.suffix != ".csv" and (not annotator.isalpha() or annotator in _OF_RECORDINGS):
        raise UsageError(
            f"R peaks go into NAME.csv or RECORD.ANNOTATOR, letters other than {', '.join(_OF_RECORDINGS)}",
            found=path.name,
            next_step="name it like 100.qrs or peaks.csv",
        )
    if path.resolve() == recording.resolve():
        raise UsageError(
            "results go beside the recording, not over it", found=str(path), next_step="name another file"
        )


def write_r_peaks(path: Path, beats: RPeaks) -> None:
    """Writes CSV where the suffix is .csv, else WFDB annotations: `100.qrs` is annotator qrs of record 100.

    Raises:
        UsageError: the name makes no annotation file, or the folder cannot be written to.
        ToolError: the package wfdb is not installed.
    """
    check_name(path, Path(beats.recording.source))
    write_whole(path, _csv(beats) if path.suffix == ".csv" else _wfdb(path, beats))


def _csv(beats: RPeaks) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    writer.writerows(beats.rows())
    return text.getvalue().encode()


def _wfdb(path: Path, beats: RPeaks) -> bytes:
    wfdb = optional("wfdb", "WFDB annotations are written with the package wfdb")
    annotator = path.suffix.removeprefix(".")
    symbols = [NORMAL if verdict == Verdict.ACCEPTED else UNCLASSIFIED for verdict in beats.verdict]
    with scratch_folder() as scratch:
        if len(beats.sample):
            fs_hz = beats.recording.fs_hz
            wfdb.wrann("beats", annotator, beats.sample, symbols, fs=fs_hz, write_dir=str(scratch))
            return (scratch / f"beats.{annotator}").read_bytes()
    return bytes(2)  # WFDB's end of file: no annotation at all
