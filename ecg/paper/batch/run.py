"""Pages read in parallel; the results of each are whole, and a page that is done is not done again."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from splkit import __version__
from splkit.ecg.paper.batch.jobs import Job
from splkit.ecg.paper.batch.page import Files, digest_of, options_of, read_page, unread
from splkit.ecg.paper.batch.result import PageResult, kept_result, state_path
from splkit.errors import SplkitError
from splkit.files import place_taken, write_all
from splkit.folders import digest
from splkit.pool import Workers, in_parallel


def read_all(
    jobs: Sequence[Job], out: Path, *, workers: Workers, force: bool = False
) -> Iterator[tuple[PageResult, bool]]:
    """The result of each page as it is ready, and whether it was there before.

    A page was done before if its file has the same bytes, with the same options and version of splkit.

    Args:
        jobs: of `find_jobs`.
        out: folder of results; one splkit at a time works in it.
        workers: who reads pages, one page each at a time; 1 reads in this process.
        force: read pages again that are done.

    Raises:
        UsageError: another splkit is at work there, or the folder cannot be written to.
    """
    with place_taken(out / "summary"):
        digests: dict[Path, str] = {}
        missing = []
        for job in jobs:
            if job.path not in digests:
                digests[job.path] = digest_of(job.path)
            kept = kept_result(state_path(out, job.name))
            if kept and not force and _is_done(kept, job, digests[job.path], out):
                yield kept, True
            else:
                missing.append(job)
        for job, (result, files) in in_parallel(read_page, missing, workers, _died):
            yield _write(job, result, files, out), False


def _is_done(kept: PageResult, job: Job, sha256: str, out: Path) -> bool:
    return (
        kept.splkit == __version__
        and kept.sha256 == sha256 != ""
        and kept.page == job.index + 1
        and kept.options == options_of(job)
        and kept.source == str(job.path)
        and all((out / name).is_file() for name in kept.files)
    )


def _write(job: Job, result: PageResult, files: Files, out: Path) -> PageResult:
    """Writes a page's files and its state, together; takes away what an earlier reading left."""
    contents = dict(files)
    state = state_path(out, job.name)
    earlier = kept_result(state)
    ours = earlier.files if earlier else {}
    strangers = [
        name
        for name in {*contents, *ours}
        if (out / name).exists() and not _is_ours(out / name, ours.get(name))
    ]
    if state.exists() and earlier is None:
        strangers.append(state.name)
    if strangers:
        said = (
            f"results replace only what splkit made and nobody changed; found {sorted(strangers)[0]} in "
            f"{out}; move it elsewhere, or name another folder"
        )
        return result.model_copy(update={"status": "failed", "message": said, "files": {}})
    for name in set(ours) - set(contents):
        with suppress(OSError):
            (out / name).unlink()
    listed = {name: sha256(content).hexdigest() for name, content in contents.items()}
    result = result.model_copy(update={"files": listed})
    try:
        write_all({out / name: made for name, made in contents.items()} | {state: result.json_bytes()})
    except SplkitError as error:
        return result.model_copy(update={"status": "failed", "message": str(error), "files": {}})
    return result


def _is_ours(path: Path, sha256: str | None) -> bool:
    return sha256 is not None and path.is_file() and digest(path) == sha256


def _died(job: Job) -> tuple[PageResult, Files]:
    said = (
        "reading the page ended its process, perhaps for want of memory; "
        "scan it at 300 dpi, or use --workers 1"
    )
    return unread(job, said), {}
