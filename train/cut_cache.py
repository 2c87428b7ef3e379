"""A cache of cut cycles: what was cut once is not cut again, by any network, fold or run.

A folder of its own for each cohort or table and lead, named after all that made the cycles: the settings, the
sources of simulator and front end, the versions of numpy and scipy. It holds chunks of some patients each,
which are written whole and known by their SHA-256. A record of a table is kept with the size and the time of
its files.
"""

import hashlib
import json
import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache as once
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path, PurePath
from typing import Any, Final, Self

from splkit.ecg.recordings.record_files import are_the_same
from splkit.errors import UsageError, reason
from splkit.files import write_whole
from splkit.train.config import TrainConfig
from splkit.train.cuts import Chunk, from_bytes, to_bytes

KEY: Final = "made_from.json"
_ASKED_AT_ONCE: Final = 32
_NOT_IN_CYCLES: Final = {
    *("model", "weights_seed", "order", "patients", "fold", "epochs", "batch", "least_steps", "restarts"),
    *("learning_rate", "quantiles", "balance", "fine_tune"),
    *("pairs", "tail_share", "averaged_cycles", "also_averaged"),
}
"""Settings that leave the cycles of a record as they are; the last line's are elsewhere in the key, or in the
names of records. Any other setting is in the key."""
_OF_SIMULATION: Final = {"seed", "records_per_patient", "lead", "record_s"}
"""Of a table, `seed` orders the patients; the others are its ECGs' own."""
_SOURCES: Final = {
    "splkit.ecg.frontend": None,
    "splkit.ecg.simulator": None,
    "splkit.ecg.recordings": None,
    "splkit.ecg.recordings.formats": None,
    "splkit.train": ("cohort.py", "cuts.py", "measured.py", "simulated.py"),
}


def user_cache() -> Path:
    """The folder of a user's caches: `SPLKIT_CACHE`, or ~/.cache/splkit, which is the user's alone, because
    cycles are of patients.

    Raises:
        UsageError: it cannot be made.
    """
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(os.environ.get("SPLKIT_CACHE") or home / "splkit")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            "cycles that are cut are kept in a folder of yours",
            found=f"{folder} ({reason(error)})",
            next_step="name another with --cache",
        ) from error
    return folder


class CutCache:
    """The chunks of one cohort or table in one lead; without a folder it holds nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._reused = self._changed = self._added = 0
        self._damaged: set[int] = set()

    @classmethod
    def of(cls, config: TrainConfig, root: Path | None) -> Self:
        """The cache below `root` for the cycles of a configuration.

        Raises:
            UsageError: it cannot be written to.
        """
        if root is None:
            return cls(None)
        made_from = made_from_bytes(config)
        of = f"table-{PurePath(config.pairs.table).stem}" if config.pairs else f"simulated-{config.lead}"
        folder = root / f"{of}-{hashlib.sha256(made_from).hexdigest()[:16]}"
        if not (folder / KEY).is_file() or (folder / KEY).read_bytes() != made_from:
            write_whole(folder / KEY, made_from)
        return cls(folder)

    def known(self, chunk: int) -> Chunk:
        """The records of a chunk whose files are as they were; a damaged chunk holds none."""
        stored = self._read(chunk)
        with ThreadPoolExecutor(_ASKED_AT_ONCE) as threads:  # of a bucket each answer takes a while
            kept = threads.map(are_the_same, [cut.files for cut in stored.values()])
            same = {name: cut for (name, cut), is_same in zip(stored.items(), kept, strict=True) if is_same}
        self._reused += len(same)
        self._changed += len(stored) - len(same)
        return same

    def add(self, chunk: int, new: Chunk) -> None:
        """Write records that were cut, beside those that the chunk holds; the file is whole at any moment.

        Raises:
            UsageError: it cannot be written.
        """
        self._added += len(new)
        if self._folder is not None and new:
            write_whole(self._path(chunk), to_bytes(self._read(chunk) | new))

    def report(self) -> Iterable[str]:
        """What is to be said of the work that was saved, and of what was found changed or damaged."""
        if self._damaged:
            yield f"{len(self._damaged):,} damaged parts of {self._folder} were made again"
        if self._changed:
            yield f"{self._changed:,} ECGs have changed since they were cut, and were cut again"
        if self._reused:
            yield f"{self._reused:,} ECGs were cut before ({self._folder}), {self._added:,} now"

    def _read(self, chunk: int) -> Chunk:
        if self._folder is None or not self._path(chunk).is_file():
            return {}
        content = from_bytes(self._path(chunk).read_bytes())
        if content is None:
            self._damaged.add(chunk)
        return content or {}

    def _path(self, chunk: int) -> Path:
        assert self._folder is not None
        return self._folder / f"{chunk:06d}.cut"


def made_from_bytes(config: TrainConfig) -> bytes:
    """All that the cycles of a configuration's records depend on, but the records' own names, as JSON.

    Configurations for which it is the same share the cycles of the patients that they have in common.
    """
    return json.dumps(_made_from(config), indent=2, sort_keys=True).encode() + b"\n"


def _made_from(config: TrainConfig) -> dict[str, Any]:
    left_out = _NOT_IN_CYCLES | (_OF_SIMULATION if config.pairs else set())
    settings = config.model_dump(mode="json", exclude=left_out)
    table = {"table": config.pairs.table, "channel": config.pairs.channel} if config.pairs else None
    return {"settings": settings, "beats": sorted(config.beats), "of": table, **made_by()}


def made_by() -> dict[str, str]:
    """What cuts in this process: the SHA-256 of its sources, and the versions of what they compute with."""
    return {"code": _code(), **{name: version(name) for name in ("numpy", "scipy")}}


@once
def _code() -> str:
    """SHA-256 over the sources, and the data beside them, that turn a patient or a file into cycles."""
    whole = hashlib.sha256()
    for package, names in _SOURCES.items():
        for file in sorted(files(package).iterdir(), key=lambda each: each.name):
            if file.is_file() and file.name.endswith((".py", ".npz")) and (not names or file.name in names):
                whole.update(f"{package}/{file.name}\n".encode())
                whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()
