"""Holds an exported folder against the oracle and the numpy front end: no difference, or the first one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from splkit.console import Advance, ignore_progress
from splkit.ecg.frontend import FrontEndTrace
from splkit.firmware.application import simulate_core
from splkit.firmware.host import HostLibrary, HostTrace
from splkit.firmware.inference import infer_core
from splkit.firmware.twin import Twin

SEED = 5500
"""Of the random inputs: every run of `verify` uses the same ones."""

Simulate = Callable[[Path, NDArray[np.int16]], list[str]]
"""Streams counts through the firmware of a folder and gives its lines, banner first."""


class Check(BaseModel):
    """One comparison: how much was compared, how much differed, and the first difference in words."""

    name: str
    compared: int
    mismatches: int
    first: str = ""


def verify(
    folder: Path,
    counts: NDArray[np.int16],
    *,
    inputs: int = 256,
    engines: Sequence[tuple[str, Simulate]] = (),
    advance: Advance = ignore_progress,
) -> list[Check]:
    """Compares inference and front end, on the host build and in the firmware, with their twins.

    Args:
        folder: an exported, built folder.
        counts: int16[n], a recording at the folder's rate.
        inputs: how many inferences to compare: half of them on cycles of the recording as far as it has so
            many, the rest on uniformly random values.
        engines: further simulators to stream the recording through, beside `core`, by name.
        advance: counts inferences, 2 * inputs in all, then one a check that streams the recording.

    Raises:
        UsageError, ToolError: not an exported folder, or a tool is missing.
    """
    twin = Twin(folder)
    # TensorFlow Lite Micro is there for the board alone.
    host = HostLibrary(folder) if twin.manifest.runtime == "splkit" else None
    trace = twin.front_end(counts)
    values = _inputs(twin, trace, inputs)
    expected = twin.oracle.run(values)
    checks = []
    if host:
        checks.append(_compare("inference, host build", expected, host.infer(values)))
    advance(inputs)
    on_core = infer_core(folder / "firmware.elf", values, advance=advance, runtime=twin.manifest.runtime)
    checks.append(_compare("inference, firmware on core", expected, on_core))
    if host:
        cycles = twin.quantize(trace.averaged)
        checks.append(compare_traces("front end, host build", trace, cycles, host.front_end(counts)))
    advance(1)
    expected_lines = twin.lines(trace, len(counts))
    core: Simulate = lambda path, samples: simulate_core(path / "firmware.elf", samples)  # noqa: E731
    for name, simulate in (("core", core), *engines):
        lines = simulate(folder, counts)[1:]
        checks.append(_compare(f"application, firmware on {name}", expected_lines, lines))
        advance(1)
    return checks


def _inputs(twin: Twin, trace: FrontEndTrace, count: int) -> NDArray[np.int8]:
    real = twin.quantize(trace.cycles[: count // 2])
    random = np.random.default_rng(SEED).integers(-128, 128, (count - len(real), twin.model.input_size))
    return np.concatenate([real, random]).astype(np.int8)


def compare_traces(name: str, expected: FrontEndTrace, cycles: NDArray[np.int8], actual: HostTrace) -> Check:
    """Compares the twin's trace, and its averaged cycles as the model's input, with the C front end's."""
    beats = ("r_sample", "rr_samples", "verdict", "amplitude")
    rows = [
        list(zip(*(getattr(trace, field).tolist() for field in beats), strict=True))
        for trace in (expected, actual)
    ]
    checks = [
        _compare(f"{name}: beats {beats}", rows[0], rows[1]),
        _compare(f"{name}: cycle beats", expected.averaged_beat.tolist(), actual.cycle_beat.tolist()),
        _compare(f"{name}: cycles", cycles.tolist(), actual.cycles.tolist()),
    ]
    first = next((f"{check.name}, {check.first}" for check in checks if check.mismatches), "")
    return Check(
        name=name,
        compared=sum(check.compared for check in checks),
        mismatches=sum(check.mismatches for check in checks),
        first=first,
    )


def _compare(
    name: str, expected: Sequence[object] | np.ndarray, actual: Sequence[object] | np.ndarray
) -> Check:
    """Item by item; items that only one side has are mismatches."""
    differing = [
        i for i, (a, b) in enumerate(zip(expected, actual, strict=False)) if not np.array_equal(a, b)
    ]
    surplus = abs(len(expected) - len(actual))
    first = ""
    if differing:
        i = differing[0]
        first = f"item {i}: {_short(expected[i])} expected, {_short(actual[i])} found"
    elif surplus:
        first = f"{len(expected)} items expected, {len(actual)} found"
    return Check(
        name=name, compared=max(len(expected), len(actual)), mismatches=len(differing) + surplus, first=first
    )


def _short(item: object) -> str:
    text = str(item)
    return text if len(text) <= 80 else f"{text[:77]}..."
