"""Reads hostile recordings in a process of its own, with a clock and a limit of memory."""

import multiprocessing
import resource
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from support.recording_mutants import mutant
from support.recording_truth import contradiction

from splkit.ecg.recordings.readers import read_recording
from splkit.errors import SplkitError, ToolError

LIMIT_S = 10.0
LIMIT_BYTES = 4 << 30
CHANNELS = (None, None, None, "II", "0", "1")
FAULTS = ("traceback", "hang", "memory", "contradiction")
SAID_LETTERS = 200
"""An error may hold a whole file."""


def trial(seed: int, index: int) -> tuple[str, str]:
    """One recording, read: refused, accepted, undecided, or one of `FAULTS`, and what was said."""
    with tempfile.TemporaryDirectory() as name:
        kind, path, content = mutant(seed, index, Path(name))
        rng = np.random.default_rng([seed, index, 1])
        try:
            recording = read_recording(path, CHANNELS[rng.integers(len(CHANNELS))])
        except ToolError as error:
            return "traceback", str(error)  # a package is missing: its format was not tried
        except SplkitError as error:
            if isinstance(error.__cause__, MemoryError):
                return "memory", f"{kind}: {error}"
            return ("refused", str(error)) if "\n" not in str(error) else ("traceback", "two lines")
        except BaseException as error:
            return "traceback", f"{kind}: {type(error).__name__}: {error}"
        kept = recording.signal_mv.copy()
        for first, last in recording.gaps:
            kept[first : last + 1] = np.nan
        try:
            said = contradiction(kind, path, content, recording.channel, recording.fs_hz, kept)
        except Exception as error:
            return "undecided", f"{kind}: {type(error).__name__}: {error}"
        return ("contradiction", f"{kind}: {said}") if said else ("accepted", kind)


def _work(pipe: Connection, seed: int) -> None:
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT_BYTES, LIMIT_BYTES))
    while (index := pipe.recv()) is not None:
        pipe.send(trial(seed, index))


def trials(seed: int, indices: range) -> Iterator[tuple[int, str, str]]:
    """All of them, in order; one that takes over 10 s, or kills its process, is a hang."""
    context = multiprocessing.get_context("spawn")
    worker = None
    for index in indices:
        if worker is None:
            ours, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs, seed), daemon=True)
            worker.start()
            theirs.close()
            limit_s = 60.0  # the packages are imported first
        ours.send(index)
        try:
            outcome = ours.recv() if ours.poll(limit_s) else None
        except (EOFError, ConnectionError):
            outcome = None
        limit_s = LIMIT_S
        if outcome is None:
            worker.kill()
            worker.join()
            worker = None
            yield index, "hang", "no answer in 10 s, or the process died"
        else:
            yield index, *outcome
    if worker is not None:
        ours.send(None)
        worker.join()


def count(seed: int, indices: range) -> tuple[Counter[str], list[str]]:
    """How many of each outcome; what was said of the faults and the undecided."""
    outcomes: Counter[str] = Counter()
    said = []
    for index, outcome, words in trials(seed, indices):
        outcomes[outcome] += 1
        if outcome in FAULTS or outcome == "undecided":
            said.append(f"{index} {outcome}: {words[:SAID_LETTERS]}")
    return outcomes, said
