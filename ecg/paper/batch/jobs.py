"""Files and folders as a list of pages to read, each with the name that its results get."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from splkit.ecg.paper.contracts import Hints
from splkit.ecg.paper.pages.image import SUFFIXES, count_pages
from splkit.errors import SplkitError, UsageError


@dataclass(frozen=True)
class Wanted:
    """What is made of each page beside its numbers and its overlay."""

    review: bool = False
    out: Path | None = None
    """Of `review`: the folder of results, which its command writes into."""


@dataclass(frozen=True)
class Job:
    """One page to read.

    Attributes:
        path: the file.
        index: the page in it, from 0.
        name: of its results, relative to the folder of results, without a suffix.
        several: whether the file has more pages.
        hints, wanted: what was stated and what is asked for.
        refusal: why the file cannot be opened; then there is nothing to read.
    """

    path: Path
    index: int
    name: str
    hints: Hints
    wanted: Wanted
    several: bool = False
    refusal: str = ""


def find_files(inputs: Sequence[Path], out: Path) -> list[tuple[Path, Path]]:
    """Files, and where each lies in its folder: its name alone, where it was named itself.

    Args:
        inputs: files, and folders that are searched to any depth for names that end in one of `SUFFIXES`.
        out: the folder of results: what lies in it is no input.

    Raises:
        UsageError: an input is not there, is the folder of results, or no input holds any page.
    """
    found: dict[Path, Path] = {}
    for each in inputs:
        if each.is_dir():
            if each.resolve() == out.resolve():
                raise UsageError(
                    "results go into another folder than the pages",
                    found=f"{out} for both",
                    next_step="name another with --out",
                )
            for path in sorted(each.rglob("*")):
                is_page = path.suffix.lower() in SUFFIXES and path.is_file()
                if is_page and not path.resolve().is_relative_to(out.resolve()):
                    found.setdefault(path, path.relative_to(each))
        elif each.exists():
            found.setdefault(each, Path(each.name))
        else:
            raise UsageError("a page is a file", found=f"no file {each}", next_step="check the path")
    if not found:
        raise UsageError(
            "a folder of pages holds images or PDFs",
            found=f"none in {', '.join(map(str, inputs))}",
            next_step=f"name files that end in {', '.join(sorted(SUFFIXES))}",
        )
    return list(found.items())


def find_jobs(
    files: Iterable[tuple[Path, Path]], hints: Hints, wanted: Wanted, page: int | None = None
) -> list[Job]:
    """One job a page, or for page number `page` (from 1) of each file alone.

    A file that cannot be opened is a job too, with its refusal. Where two files would have the same name, as
    a/1.png and b/1.png or 1.png and 1.jpg, the name keeps the suffix and then counts: 1_png, 1_png_2.
    """
    files = list(files)
    names = _unique([within.with_suffix("") for _, within in files], [within for _, within in files])
    jobs: list[Job] = []
    for (path, _), name in zip(files, names, strict=True):
        try:
            pages = count_pages(path)
            numbers = range(pages) if page is None else range(page - 1, page)
            if page is not None and page > pages:
                raise UsageError(
                    f"{path} has {pages} page{'s' if pages > 1 else ''}",
                    found=f"--page {page}",
                    next_step="name one of them",
                )
        except UsageError:
            raise
        except SplkitError as error:
            jobs.append(Job(path, 0, name, hints, wanted, refusal=str(error)))
            continue
        several = pages > 1
        jobs += [
            Job(path, at, f"{name}-p{at + 1}" if several else name, hints, wanted, several) for at in numbers
        ]
    return jobs


def _unique(stems: list[Path], whole: list[Path]) -> list[str]:
    shared = Counter(stems)
    taken: Counter[str] = Counter()
    names = []
    for stem, path in zip(stems, whole, strict=True):
        suffix = path.suffix.removeprefix(".")
        name = stem.as_posix() if shared[stem] == 1 else f"{stem.as_posix()}_{suffix}"
        taken[name] += 1
        names.append(name if taken[name] == 1 else f"{name}_{taken[name]}")
    return names
