"""Scores `splkit digitize` on pages whose signal is known.

    python bench/paper.py [FOLDER...] [--distort] [--drawn N [--seed S]] [--jobs N] [--rows FILE] [--json]

A FOLDER holds NAME.png, NAME.json (leads with start_sample and end_sample) and the WFDB record, as
PhysioNet's pages of 2024 and `splkit render` do. `--distort` turns each page by 5 degrees, shades it to 70 %
and saves it as JPEG 40 first. `--drawn` adds pages of our own renderer over all layouts and distortions, with
the hints that a person would have to give: px/mm without a grid, scales without a pulse. `--rows` writes a
line a segment, the worst first.

The rule is docs/paper.md's: 10 log10(sum x^2 / sum (x - y)^2) by segment, after at most 5 ms of shift and a
constant offset; an unread segment counts 0 dB. `silently wrong` is a segment called good that is under 5 dB,
over 20 ms beside its time, or better explained by another lead.
"""

import argparse
import csv
import ctypes
import gc
import json
import time
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
from paper_pages import CLEAN, DISTORTED, Case, Drawn, Known, pages_of
from paper_score import FAR_SHIFT_MS, Array, Beat, Read, Truth, beats, edge_share, snr_db
from rich.table import Table

from splkit.console import new_table, out, progress
from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, SEGMENT_FS_HZ, Segment
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.recordings.recording import Recording
from splkit.ecg.rpeaks.find import find_r_peaks
from splkit.errors import SplkitError
from splkit.pool import in_parallel

SILENT_DB, SILENT_MS, UNLIKE_DB = 5.0, 20.0, 3.0
CALIBRATION_DB = 10.0
EDGES = (0.0, 0.5, 0.8, GOOD_CONFIDENCE, 0.97, 0.99, 1.0)


@dataclass(frozen=True)
class Row:
    """One segment."""

    page: str
    segment: str
    snr_db: float
    is_read: bool
    shift_ms: float = 0.0
    confidence: float = 0.0
    wrong: str = ""
    edge_share: float = 0.0
    beats: tuple[Beat, ...] = ()
    beats_moved: tuple[Beat, ...] = ()
    """The same beats after the shift that the signal to noise ratio allows."""


@dataclass(frozen=True)
class Outcome:
    """One page."""

    name: str
    rows: tuple[Row, ...]
    refusal: str = ""
    looks: str = ""
    layout: str = ""
    cpu_s: float = 0.0
    peak_mb: float = 0.0
    notes: tuple[str, ...] = field(default=())


def score_page(known: Known | Drawn) -> Outcome:
    """Reads one page and scores all that was printed on it; in a process of its own."""
    case = known.load()
    truths = case.truths
    _forget_peak()  # drawing a page takes more memory than reading it
    began = time.process_time()
    try:
        digitized = digitize(case.page, case.hints)
    except SplkitError as error:
        return _unread(known, case, str(error))
    except Exception as error:
        return _unread(known, case, f"FAULT {type(error).__name__}: {error}")
    cpu_s = time.process_time() - began
    peak_mb = _peak_mb()
    r_s = _r_peaks(truths)
    found = {(each.lead, each.is_rhythm): each for each in digitized.segments}
    rows = tuple(_row(known.name, truth, truths, found, r_s) for truth in truths)
    layout = digitized.layout
    return Outcome(known.name, rows, "", case.looks, layout.name, cpu_s, peak_mb, layout.notes)


def _forget_peak() -> None:
    """Has the kernel count this process's peak memory from now on (Linux, proc(5)).

    What drawing the page took goes back to the kernel first (malloc_trim(3), where there is glibc).
    """
    gc.collect()
    if hasattr(ctypes.CDLL(None), "malloc_trim"):
        ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _unread(known: Known | Drawn, case: Case, why: str) -> Outcome:
    rows = tuple(Row(known.name, each.name, 0.0, False) for each in case.truths)
    return Outcome(known.name, rows, why, case.looks)


def _row(
    page: str, truth: Truth, truths: list[Truth], found: dict[tuple[str, bool], Segment], r_s: Array
) -> Row:
    own = found.get((truth.lead, truth.is_rhythm))
    segment = own or found.get((truth.lead, not truth.is_rhythm))
    if segment is None:
        return Row(page, truth.name, 0.0, False)
    read = _read(segment)
    scored = snr_db(truth, read)
    if own is None:  # it was left out; the same lead elsewhere shows a part of it, and claims no more
        return Row(page, truth.name, *((scored[0], True, scored[1]) if scored else (0.0, False)))
    confidence = segment.quality.confidence
    if scored is None:
        wrong = "not at its time" if confidence >= GOOD_CONFIDENCE else ""
        return Row(page, truth.name, 0.0, False, confidence=confidence, wrong=wrong)
    wrong = _wrong(truth, truths, read, scored[0]) if confidence >= GOOD_CONFIDENCE else ""
    as_read, moved = (tuple(beats(truth, read, r_s, ms)) for ms in (0.0, scored[1]))
    at_edges = round(edge_share(truth, read, scored[1]), 3)
    return Row(page, truth.name, scored[0], True, scored[1], confidence, wrong, at_edges, as_read, moved)


def _read(segment: Segment) -> Read:
    known = np.isfinite(segment.signal_mv)
    time_s = segment.start_s + np.arange(len(known)) / SEGMENT_FS_HZ
    return Read(time_s[known], segment.signal_mv[known])


def _wrong(truth: Truth, truths: list[Truth], read: Read, snr: float) -> str:
    """Why a segment that is called good is not; "" where it is."""
    if snr < CALIBRATION_DB:
        far = snr_db(truth, read, FAR_SHIFT_MS)
        if far and abs(far[1]) > SILENT_MS and far[0] > snr + UNLIKE_DB:
            return f"{far[1]:+.0f} ms beside its time"
        for other in truths:
            same = other.lead != truth.lead and other.time_s[0] <= read.time_s[0] < other.time_s[-1]
            like = snr_db(other, read) if same else None
            if like and like[0] > max(snr + UNLIKE_DB, CALIBRATION_DB):
                return f"is {other.name}"
    return f"{snr:.1f} dB" if snr < SILENT_DB else ""


def _r_peaks(truths: list[Truth]) -> Array:
    """R peaks of the longest lead that was printed, by splkit's front end, in s."""
    longest = max(truths, key=lambda each: len(each.signal_mv) / each.fs_hz)
    recording = Recording(longest.signal_mv, longest.fs_hz, longest.lead, "truth")
    return np.asarray(find_r_peaks(recording).time_s + longest.start_s)


def report(outcomes: list[Outcome]) -> dict[str, object]:
    """All figures of a run."""
    rows = [row for each in outcomes for row in each.rows]
    snr = np.array([row.snr_db for row in rows])
    all_beats = [beat for row in rows for beat in row.beats]
    moved = [beat for row in rows for beat in row.beats_moved]
    good = [row for row in rows if row.confidence >= GOOD_CONFIDENCE]
    wrong = sorted({row.page for row in rows if row.wrong})
    cpu = [each.cpu_s for each in outcomes if not each.refusal]

    def percentile(values: list[float], at: float) -> float | None:
        return round(float(np.percentile(values, at)), 4) if values else None

    return {
        "pages": len(outcomes),
        "refused": sum(bool(each.refusal) for each in outcomes),
        "segments": len(rows),
        "unread": sum(not row.is_read for row in rows),
        "snr_mean_db": round(float(snr.mean()), 2),
        "snr_p10_db": round(float(np.percentile(snr, 10)), 2),
        "beats": len(all_beats),
        "t_over_r_p95": percentile([abs(beat.t_over_r) for beat in all_beats], 95),
        "r_ms_p95": percentile([abs(beat.r_ms) for beat in all_beats], 95),
        "correlation_p5": percentile([beat.correlation for beat in all_beats], 5),
        "after_shift_r_ms_p95": percentile([abs(beat.r_ms) for beat in moved], 95),
        "after_shift_correlation_p5": percentile([beat.correlation for beat in moved], 5),
        "called_good": len(good),
        "good_under_10_db": sum(row.snr_db < CALIBRATION_DB for row in good),
        "silently_wrong_pages": wrong,
        "cpu_s_median": percentile(cpu, 50),
        "cpu_s_max": percentile(cpu, 100),
        "peak_mb_max": percentile([each.peak_mb for each in outcomes], 100),
    }


def calibration(outcomes: list[Outcome]) -> Table:
    """By confidence: how many segments, and how many of them are 10 dB or more."""
    table = new_table("confidence", "segments", "10 dB or more", title="calibration")
    rows = [row for each in outcomes for row in each.rows if row.is_read]
    for low, high in pairwise(EDGES):
        held = [row for row in rows if low <= row.confidence < high or row.confidence == high == 1]
        share = f"{np.mean([row.snr_db >= CALIBRATION_DB for row in held]):.1%}" if held else ""
        table.add_row(f"{low:g} to {high:g}", str(len(held)), share)
    return table


def main() -> None:
    """Scores the pages that are named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--drawn", type=int, default=0, metavar="N", help="so many pages of our renderer")
    parser.add_argument("--seed", type=int, default=0, help="of the first of them")
    parser.add_argument("--distort", action="store_true")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--first", type=int, help="so many pages alone")
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    distortion = DISTORTED if asked.distort else CLEAN
    pages: list[Known | Drawn] = [page for folder in asked.folders for page in pages_of(folder, distortion)]
    pages = pages[: asked.first] + [Drawn(asked.seed + each) for each in range(asked.drawn)]
    if not pages:
        parser.error("name a FOLDER with pages, or --drawn N")
    outcomes: list[Outcome] = []
    with progress("scoring pages", len(pages)) as advance:
        died = lambda page: Outcome(page.name, (), "its process died")  # noqa: E731
        for _, outcome in in_parallel(score_page, pages, asked.jobs, died):
            outcomes.append(outcome)
            advance(1)
    figures = report(outcomes)
    if asked.rows:
        _write_rows(asked.rows, outcomes)
    if asked.json:
        out.print_document(
            json.dumps(figures | {"pages_each": [asdict(each) for each in outcomes]}, indent=2)
        )
        return
    for name, value in figures.items():
        out.print(f"{name}: {value}")
    out.print(calibration(outcomes))
    for each in outcomes:
        faults = sorted({f"{row.segment} {row.wrong}" for row in each.rows if row.wrong})
        if each.refusal:
            out.print(f"{each.name} refused: {each.refusal} [{each.looks}]", soft_wrap=True)
        elif faults:
            out.print(
                f"{each.name} silently wrong: {', '.join(faults)} [{each.looks}; read as {each.layout}]"
            )


def _write_rows(path: Path, outcomes: list[Outcome]) -> None:
    rows = sorted((row for each in outcomes for row in each.rows), key=lambda row: row.snr_db)
    names = ("page", "segment", "snr_db", "is_read", "shift_ms", "confidence", "wrong", "edge_share")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


if __name__ == "__main__":
    main()
