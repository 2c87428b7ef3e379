"""Holds the inference of a folder against the oracle: no output that differs, or the first one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.errors import UsageError, reason
from splkit.firmware.manifest import MODEL, FolderManifest, held_folder
from splkit.firmware.parity.host import HostLibrary
from splkit.firmware.simulators.inference import CoreInference, infer_core
from splkit.progress import Advance, ignore_progress
from splkit.quantize.carried import without_card
from splkit.quantize.oracle import TflmOracle

SEED = 5500
"""Of the random inputs: every run of `verify` uses the same ones."""


class Check(BaseModel):
    """One comparison: how much was compared, how much differed, and the first difference in words."""

    name: str
    compared: int
    mismatches: int
    first: str = ""


class Folder:
    """A folder that splkit made, with what its inference is held against.

    Raises:
        UsageError: no such folder, or its model or images are missing or others.
        ToolError: the oracle is not installed, or there is no compiler.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest: FolderManifest = held_folder(folder)
        content = model_of(folder)
        self.model: CompiledModel = compile_model(content, self.manifest.model, self.manifest.ram_limit_bytes)
        self.oracle = TflmOracle(content)
        self.elf = folder / self.manifest.elf
        # TensorFlow Lite Micro is there for the board alone.
        ours = self.manifest.runtime == "splkit"
        self.host = HostLibrary(folder, self.model.input_size) if ours else None


def verify_inference(
    folder: Path, inputs: int = 256, given: NDArray[np.int8] | None = None, advance: Advance = ignore_progress
) -> list[Check]:
    """Runs the self-test of an inference by itself, and compares it with the oracle.

    Args:
        folder: of `splkit compile`.
        inputs: how many on uniformly random values.
        given: int8[n, input_size], more of them.
        advance: counts what `inference_steps` says.

    Raises:
        UsageError, ToolError: as `Folder`.
    """
    held = Folder(folder)
    core = CoreInference(held.elf, held.model.input_size, held.model.output_size)
    values = {"random inputs": random_inputs(inputs, held.model.input_size)}
    if given is not None:
        values["given inputs"] = given
    status = core.self_test()
    checks = [Check(name="self-test, library on core", compared=1, mismatches=int(status != 0))]
    for what, rows in values.items():
        if len(rows):
            checks += check_inference(what, rows, held, advance)
    return checks


def inference_steps(inputs: int) -> int:
    """What so many inferences advance by."""
    return 2 * inputs


def random_inputs(count: int, size: int) -> NDArray[np.int8]:
    """int8[count, size], the same in every run."""
    return np.random.default_rng(SEED).integers(-128, 128, (count, size)).astype(np.int8)


def check_inference(what: str, values: NDArray[np.int8], held: Folder, advance: Advance) -> Iterator[Check]:
    """The outputs for int8[n, input_size]: host build, then firmware."""
    expected = held.oracle.run(values)
    if held.host:
        yield compare(f"inference, {what}, host build", expected, held.host.infer(values))
    advance(len(values))
    on_core = infer_core(held.elf, values, held.model.output_size, advance, held.manifest.runtime)
    yield compare(f"inference, {what}, {held.manifest.program} on core", expected, on_core)


def compare(
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


def model_of(folder: Path) -> bytes:
    """The network that a folder keeps, without its card. Raises `UsageError` where it is not there."""
    path = folder / MODEL[0]
    try:
        return without_card(path.read_bytes())
    except OSError as error:
        raise UsageError(
            "a folder of splkit's keeps its model",
            found=f"{path}: {reason(error)}",
            next_step="export or compile it again",
        ) from error


def _short(item: object) -> str:
    text = str(item)
    return text if len(text) <= 80 else f"{text[:77]}..."
