"""`splkit estimate` for pages. They are first digitized into a folder of their own."""

from collections.abc import Sequence
from pathlib import Path

from splkit.commands.digitize_estimate import lead_of_page
from splkit.ecg.paper.batch.jobs import Wanted, find_jobs
from splkit.ecg.paper.batch.result import PageResult
from splkit.ecg.paper.batch.run import read_all
from splkit.ecg.paper.contracts import Hints
from splkit.errors import RecordingError
from splkit.pool import Workers
from splkit.progress import Advance
from splkit.quantize.estimate import Estimator
from splkit.quantize.estimates.inputs import Ecg
from splkit.quantize.estimates.result import EcgResult

PAGES = "pages"
"""The folder of digitized pages, in the folder of results."""


def answer_pages(
    ecgs: Sequence[Ecg], estimator: Estimator, out: Path, *, workers: Workers, force: bool, advance: Advance
) -> list[EcgResult]:
    """The result of each page, in order. A file with several pages is refused.

    Args:
        ecgs: the files, each with one page. A file that is named twice is read once.
        estimator: the model.
        out: folder of results.
        workers, force: as in `read_all`.
        advance: counts pages.
    """
    place = out / PAGES
    paths = list(dict.fromkeys(Path(each.path) for each in ecgs))
    there = [(path, Path(path.name)) for path in paths if path.is_file()]
    jobs = find_jobs(there, Hints(), Wanted(out=place))
    single = [job for job in jobs if not job.several]
    read: dict[str, PageResult] = {}
    for page, _ in read_all(single, place, workers=workers, force=force) if single else ():
        read[page.source] = page
        advance(1)
    return [_result(each, read.get(each.path), estimator, place) for each in ecgs]


def _result(ecg: Ecg, page: PageResult | None, estimator: Estimator, place: Path) -> EcgResult:
    plain = EcgResult(path=ecg.path, channel=ecg.channel, sha256=page.sha256 if page else "")
    if page is None:
        several = Path(ecg.path).is_file()
        said = (
            "a page is a file of one page; found several"
            if several
            else f"a page is a file; found no {ecg.path}"
        )
        return plain.model_copy(
            update={"message": f"{said}; split it, or use splkit digitize" if several else said}
        )
    if page.reading is None:
        return plain.model_copy(update={"message": page.message})
    try:
        recording = lead_of_page(page, page.reading, ecg.channel or estimator.card.lead, place)
    except RecordingError as error:
        recording = str(error)
    if isinstance(recording, str):
        more = " to splkit digitize, and give the record that it writes" if page.reading.assumed else ""
        return plain.model_copy(update={"status": "none", "message": recording + more})
    return plain.with_estimate(recording, estimator.strip(recording), estimator)
