"""Holds an exported folder against the oracle and the numpy front end: no difference, or the first one."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit.ecg.frontend import FrontEndTrace
from splkit.firmware.parity.host import HostLibrary, HostTrace
from splkit.firmware.parity.inference import (
    Check,
    Folder,
    check_inference,
    compare,
    inference_steps,
    random_inputs,
)
from splkit.firmware.parity.twin import Twin
from splkit.firmware.simulators.application import simulate_core
from splkit.progress import Advance, ignore_progress

Simulate = Callable[[Path, NDArray[np.int16]], list[str]]
"""Streams counts through the firmware of a folder and gives its lines, banner first."""


class Engine(NamedTuple):
    """What else runs the firmware: its name, and how a recording is streamed through it.

    Attributes:
        is_patient: the recording comes from the converter; over the wire it is a replay, without alarms.
    """

    name: str
    simulate: Simulate
    is_patient: bool = True


class CountStream(NamedTuple):
    """A recording at a folder's rate: int16[n] counts, and what checks call it."""

    name: str
    counts: NDArray[np.int16]


def verify(
    folder: Path,
    recordings: Sequence[CountStream],
    *,
    inputs: int = 256,
    given: NDArray[np.int8] | None = None,
    cycles: int = 64,
    engines: Sequence[Engine] = (),
    advance: Advance = ignore_progress,
) -> list[Check]:
    """Compares inference and front end, on the host build and in the firmware, with their twins.

    Args:
        folder: an exported, built folder.
        recordings: for the front end and the application, each by itself.
        inputs: how many inferences to compare on uniformly random values.
        given: int8[n, input_size], more of them.
        cycles: how many more on cycles that the front end accepts: as many of each recording, as far as it
            has so many.
        engines: what to stream the recordings through beside `core`.
        advance: counts what `steps` adds up to, or less where there are fewer cycles.

    Raises:
        UsageError, ToolError: not an exported folder, or a tool is missing.
    """
    twin, held = Twin(folder), Folder(folder)
    traces = [twin.front_end(recording.counts) for recording in recordings]
    share = -(-cycles // max(len(recordings), 1))
    accepted = [twin.device.quantize(trace.cycles[:share]) for trace in traces]
    values = {
        "random inputs": random_inputs(inputs, held.model.input_size),
        "real cycles": np.concatenate(accepted)[:cycles],
    }
    if given is not None:
        values["given inputs"] = given
    checks: list[Check] = []
    for what, rows in values.items():
        if len(rows):
            checks += check_inference(what, rows, held, advance)
    for recording, trace in zip(recordings, traces, strict=True):
        checks += _check_recording(recording, trace, twin, held.host, engines, advance)
    return checks


def steps(recordings: int, inputs: int, cycles: int, engines: int) -> int:
    """What `verify` advances by at most."""
    return inference_steps(inputs + cycles) + recordings * (2 + engines)


def _check_recording(
    recording: CountStream,
    trace: FrontEndTrace,
    twin: Twin,
    host: HostLibrary | None,
    engines: Sequence[Engine],
    advance: Advance,
) -> Iterator[Check]:
    counts = recording.counts
    if host:
        name = f"front end, {recording.name}, host build"
        yield compare_traces(name, trace, twin.device.quantize(trace.averaged), host.front_end(counts))
    advance(1)
    core = Engine("core", lambda path, samples: simulate_core(path / "firmware.elf", samples))
    for engine in (core, *engines):
        expected = twin.lines(trace, len(counts), is_patient=engine.is_patient)
        lines = engine.simulate(twin.folder, counts)[1:]
        yield compare(f"application, {recording.name}, firmware on {engine.name}", expected, lines)
        advance(1)


def compare_traces(name: str, expected: FrontEndTrace, cycles: NDArray[np.int8], actual: HostTrace) -> Check:
    """Compares the twin's trace, and its averaged cycles as the model's input, with the C front end's."""
    beats = ("r_sample", "rr_samples", "verdict", "amplitude")
    means = ("averaged_beat", "averaged_count", "averaged_grown")
    checks = [
        compare(f"{name}: beats {beats}", _rows(expected, beats), _rows(actual, beats)),
        compare(f"{name}: means {means}", _rows(expected, means), _rows(actual, means)),
        compare(f"{name}: cycles", cycles.tolist(), actual.cycles.tolist()),
    ]
    first = next((f"{check.name}, {check.first}" for check in checks if check.mismatches), "")
    return Check(
        name=name,
        compared=sum(check.compared for check in checks),
        mismatches=sum(check.mismatches for check in checks),
        first=first,
    )


def _rows(trace: FrontEndTrace | HostTrace, fields: Sequence[str]) -> list[tuple[int, ...]]:
    return list(zip(*(getattr(trace, field).tolist() for field in fields), strict=True))
