"""One page from its file to the bytes of its results; whatever happens is told in the result."""

import hashlib
import json
import re
import time
from dataclasses import asdict
from pathlib import Path

from splkit import __version__
from splkit.ecg.paper.batch.jobs import Job
from splkit.ecg.paper.batch.result import PageResult, reading_of
from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, Digitized, Hints
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.outputs.csv_table import csv_table
from splkit.ecg.paper.outputs.overlay import overlay
from splkit.ecg.paper.outputs.review import review
from splkit.ecg.paper.outputs.wfdb import wfdb_record
from splkit.ecg.paper.pages.image import load_page
from splkit.errors import SplkitError, reason

Files = dict[str, bytes]
"""By name in the folder of results."""


def options_of(job: Job) -> dict[str, object]:
    """What a page was read with, as JSON has it: two readings with the same are the same."""
    stated = {
        key: value for key, value in (asdict(job.hints) | {"review": job.wanted.review}).items() if value
    }
    kept: dict[str, object] = json.loads(json.dumps(stated))
    return kept


def read_page(job: Job) -> tuple[PageResult, Files]:
    """Reads a page; never raises over what the page holds."""
    began = time.process_time()
    result = unread(job, job.refusal)
    files: Files = {}
    if not job.refusal:
        try:
            digitized = digitize(load_page(job.path, job.index), job.hints)
            files = _files(job, digitized)
            result = _read(result, digitized)
        except SplkitError as error:
            result = result.model_copy(update={"message": str(error)})
        except MemoryError:
            result = result.model_copy(update={"message": "reading the page takes more memory than there is"})
        except Exception as error:
            # A fault of splkit's own on one page; the others are read all the same.
            said = f"splkit failed on this page ({type(error).__name__}: {reason(error)}); please report it"
            result = result.model_copy(update={"message": said})
    return result.model_copy(update={"cpu_s": round(time.process_time() - began, 2)}), files


def unread(job: Job, message: str) -> PageResult:
    """The result of a page that was not read, and why."""
    return PageResult(
        splkit=__version__,
        source=str(job.path),
        page=job.index + 1,
        name=job.name,
        sha256=digest_of(job.path),
        options=options_of(job),
        status="failed",
        message=message,
    )


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces; "" where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _read(result: PageResult, digitized: Digitized) -> PageResult:
    reading = reading_of(digitized, GOOD_CONFIDENCE)
    doubtful = reading.doubtful
    named = ", ".join(f"{each.lead}{' strip' if each.is_rhythm else ''}" for each in doubtful)
    said = [*([f"look at {named}"] if doubtful else []), *reading.assumed]
    return result.model_copy(
        update={
            "status": "look" if said else "read",
            "message": "; ".join(said),
            "reading": reading,
        }
    )


def _files(job: Job, digitized: Digitized) -> Files:
    place = Path(job.name).parent
    record = record_name(job.name)
    header, samples = wfdb_record(record, digitized, _notes(job, digitized))
    files = {
        f"{job.name}.csv": csv_table(digitized.segments),
        (place / f"{record}.hea").as_posix(): header,
        (place / f"{record}.dat").as_posix(): samples,
        f"{job.name}.overlay.png": overlay(digitized, GOOD_CONFIDENCE),
    }
    if job.wanted.review and job.wanted.out:
        number = job.index + 1 if job.several else None
        html = review(digitized, job.path, number, job.wanted.out / place, stated(job.hints))
        files[f"{job.name}.review.html"] = html
    return files


def record_name(name: str) -> str:
    """The name of a page's WFDB record: letters, digits, `_` and `-` alone (header(5) of WFDB)."""
    plain = Path(name).name
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", plain)
    return safe if safe == plain else f"{safe}-{hashlib.sha256(plain.encode()).hexdigest()[:6]}"


def _notes(job: Job, digitized: Digitized) -> list[str]:
    """What was measured, for the header of the record."""
    grid = digitized.grid
    scales = f"grid {grid.px_per_mm_x:.3f} x {grid.px_per_mm_y:.3f} px/mm, layout {digitized.layout.name}"
    doubts = [
        f"{each.lead}{' strip' if each.is_rhythm else ''} from {each.start_s:g} s: confidence "
        f"{each.quality.confidence:.3f}, {each.quality.coverage:.0%} seen, "
        f"{each.quality.hidden_ms:.0f} ms hidden"
        for each in digitized.segments
    ]
    source = f"digitized by splkit {__version__} from {job.path.name}, page {job.index + 1}"
    return [source, scales, *digitized.layout.notes, *digitized.notes, *doubts]


def stated(hints: Hints) -> dict[str, str]:
    """Hints as they are written on the command line."""
    corners = hints.corners and ",".join(f"{number:g}" for point in hints.corners for number in point)
    given = {
        "--layout": hints.layout,
        "--leads": hints.leads and ",".join(hints.leads),
        "--speed": hints.mm_per_s,
        "--gain": hints.mm_per_mv,
        "--px-per-mm": hints.px_per_mm,
        "--corners": corners,
    }
    return {
        name: f"{value:g}" if isinstance(value, float) else value for name, value in given.items() if value
    }
