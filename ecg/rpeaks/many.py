"""R peaks of many files: what each says in a row, whatever becomes of the others."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from splkit.ecg.recordings.folders import RECORDINGS, files_in
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.rpeaks.find import RrStatistics, find_r_peaks, rr_statistics
from splkit.errors import SplkitError, UsageError, reason
from splkit.pool import Workers, in_parallel


class Job(NamedTuple):
    """One file: its path, its name in the table, and the lead and the rate that were asked for."""

    path: str
    name: str
    channel: str | None
    fs_hz: float | None


@dataclass(frozen=True)
class Row:
    """What is said of one file; of one that was not read, why."""

    file: str
    channel: str = ""
    fs_hz: float | None = None
    duration_s: float | None = None
    missing_s: float | None = None
    statistics: RrStatistics | None = None
    why: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """As a flat row; a verdict that no beat got is 0."""
        facts: dict[str, Any] = asdict(self)
        statistics: dict[str, Any] = facts.pop("statistics") or {}
        why = facts.pop("why")
        verdicts: dict[str, Any] = statistics.pop("verdicts", {})
        return facts | statistics | verdicts | {"why": why}


def jobs_of(folder: Path, channel: str | None, fs_hz: float | None) -> tuple[list[Job], int]:
    """The recordings of a folder, to any depth, and how many files beside them are none by their names.

    Raises:
        UsageError: there are none.
    """
    found = files_in(folder)
    if not found.recordings:
        raise UsageError(
            "a folder holds recordings",
            found=f"none in {folder}",
            next_step=f"name one with files that end in {', '.join(sorted(RECORDINGS))}",
        )
    jobs = [Job(str(path), _name(path.relative_to(folder)), channel, fs_hz) for path in found.recordings]
    return jobs, len(found.others)


def detect_all(jobs: Sequence[Job], workers: Workers) -> Iterator[Row]:
    """A row a file, in the order in which they are done."""
    for _, row in in_parallel(detect_one, jobs, workers, _died):
        yield row


def detect_one(job: Job) -> Row:
    """The row of one file. It raises nothing: a file that cannot be read has a row that says so."""
    try:
        recording = read_recording(job.path, job.channel, job.fs_hz)
        statistics = rr_statistics(find_r_peaks(recording))
    except SplkitError as error:
        return Row(job.name, why=str(error))
    except MemoryError:
        return Row(job.name, why="reading the file takes more memory than there is")
    except Exception as error:
        # A fault of splkit's own in one file; the others are read all the same.
        said = f"splkit failed on this file ({type(error).__name__}: {reason(error)}); please report it"
        return Row(job.name, why=said)
    return Row(
        job.name, recording.channel, recording.fs_hz, recording.duration_s, recording.missing_s, statistics
    )


def _died(job: Job) -> Row:
    return Row(job.name, why="reading the file ended its process, perhaps for want of memory")


def _name(path: Path) -> str:
    return path.as_posix().removesuffix(".hea")
