"""ECGs answered in parallel, each once: what is done is written down as it comes, and is not done again."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from splkit import __version__
from splkit.errors import UsageError, reason
from splkit.files import write_whole
from splkit.folders import digest
from splkit.pool import Workers, in_parallel
from splkit.quantize.estimates.inputs import Ecg
from splkit.quantize.estimates.result import EcgResult
from splkit.quantize.estimates.work import Way, Work, answer, died

JOURNAL: Final = "estimates.jsonl"
ECGS_A_PROCESS: Final = 5_000

Key = tuple[str, str | None]


def key_of(ecg: Ecg | EcgResult) -> Key:
    """What an ECG is known by."""
    return ecg.path, ecg.channel


def answer_all(
    ecgs: Sequence[Ecg], way: Way, out: Path, *, workers: Workers, force: bool = False
) -> Iterator[tuple[EcgResult, bool]]:
    """The result of each ECG as it is ready, and whether it was there before; an ECG named twice comes once.

    An ECG was done before if it was read, and its files have the same bytes, with the same model, board and
    version of splkit.
    Each result is written down when it comes. Whoever calls holds the folder.

    Args:
        ecgs: of `find_ecgs`, none of them a page.
        way: how they are answered.
        out: folder of results.
        workers: who reads, one ECG each at a time; 1 reads in this process.
        force: answer again what is done.

    Raises:
        UsageError: the folder cannot be written to, or holds answers of another way and `force` is not given.
    """
    path, known = out / JOURNAL, _way(way)
    before = {} if force else _read(path, known)
    write_whole(path, b"".join(map(_line, [known, *map(EcgResult.model_dump, before.values())])))
    pieces = []
    for key, ecg in {key_of(each): each for each in ecgs}.items():
        kept = before.get(key)
        pieces.append(Work(ecg, way, kept.sha256 if kept and kept.status != "failed" else ""))
    with path.open("ab") as journal:
        for work, found in in_parallel(answer, pieces, workers, died, ECGS_A_PROCESS):
            if found is None:
                yield before[key_of(work.ecg)], True
                continue
            journal.write(_line(found.model_dump()))
            journal.flush()
            yield found, False


def _way(way: Way) -> dict[str, Any]:
    """How the answers of a journal came about: its first line."""
    return {
        "splkit": __version__,
        "model": digest(way.model),
        "fs_hz": way.front_end.fs_hz,
        "uv_per_count": way.front_end.uv_per_count,
        "file_fs_hz": way.fs_hz,
    }


def _read(path: Path, known: dict[str, Any]) -> dict[Key, EcgResult]:
    """What a journal holds; the last line of one that was cut off may be half a line."""
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _not_ours(path, reason(error)) from error
    if not lines:
        return {}
    found = _object(lines[0])
    if found is None or "model" not in found:
        raise _not_ours(path, "another first line")
    if found != known:
        other = next(name for name in known if found.get(name) != known[name])
        raise UsageError(
            "a folder of estimates is of one model, board and version of splkit",
            found=f"another {other} in {path}",
            next_step="name another folder, or add --force to begin anew",
        )
    results: dict[Key, EcgResult] = {}
    for line in lines[1:]:
        try:
            result = EcgResult.model_validate_json(line)
        except ValidationError:
            continue  # half a line
        results[key_of(result)] = result
    return results


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _line(values: dict[str, Any]) -> bytes:
    return json.dumps(values, separators=(",", ":")).encode() + b"\n"


def _not_ours(path: Path, found: str) -> UsageError:
    return UsageError(
        f"{JOURNAL} in a folder of results is splkit's",
        found=f"{found} in {path}",
        next_step="move it elsewhere, or name another folder",
    )
