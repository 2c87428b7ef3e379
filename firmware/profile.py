"""What a firmware costs: flash, RAM and stack of an inference, and its instructions, layer by layer."""

import re
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from splkit.codegen.compile import compile_model
from splkit.console import Advance, ignore_progress
from splkit.firmware.build import make
from splkit.firmware.core import CoreSimulator, run_application
from splkit.firmware.elf import Elf
from splkit.firmware.inference import CoreInference
from splkit.firmware.stack import stack_bound

_LAYER = re.compile(r"(spl_layer_(\d+)_\w+)(\.\w+)*")  # GCC appends .constprop.0 and its like
STEPS = 2
"""What `profile` reports to its `advance`, beside one step a sample of a recording."""


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class LayerProfile(_Figures):
    """One layer: instructions as executed, nominal multiply-accumulates."""

    name: str
    instructions: int
    macs: int


class FrontEndProfile(_Figures):
    """Instructions of `spl_frontend_push` over a recording."""

    samples: int
    mean_instructions: float
    worst_instructions: int


class Profile(_Figures):
    """The figures of one exported folder.

    Attributes:
        flash_bytes: inference by itself: code, constants and weights.
        ram_bytes: inference by itself: its context with the arena, its input and its output.
        stack_bytes: high-water mark of one inference.
        stack_bound_bytes: the whole firmware with its interrupts; no run takes more (`firmware.stack`).
        instructions: executed by one inference, those with a false condition included.
        layers: where they go; what is left over is `spl_infer` itself.
        firmware_flash_bytes: the whole firmware.
        firmware_ram_bytes: the whole firmware, the stack's reserve included.
        front_end: its instructions a sample, where a recording was given.
    """

    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    stack_bound_bytes: int
    instructions: int
    layers: tuple[LayerProfile, ...]
    firmware_flash_bytes: int
    firmware_ram_bytes: int
    front_end: FrontEndProfile | None = None


def profile(
    folder: Path, counts: npt.NDArray[np.int16] | None = None, advance: Advance = ignore_progress
) -> Profile:
    """Measure an exported folder that has been built.

    Args:
        folder: the exported folder.
        counts: int16[n], a recording at the firmware's rate, to measure the front end on.
        advance: called with 1 for each of `STEPS` steps, then with samples done.

    Raises:
        ToolError: it was not built, a tool is missing, or its stack has no bound.
        ParityError: inference left its memory.
    """
    # Inside of the folder, by a relative name: make knows no spaces.
    with tempfile.TemporaryDirectory(prefix=".footprint-", dir=folder) as objects:
        make(folder, "footprint", objects=Path(objects).name)
        alone, whole = Elf(Path(objects) / "footprint.elf"), Elf(folder / "firmware.elf")
    advance(1)
    stack_bytes, instructions, layers = _inference(folder)
    advance(1)
    return Profile(
        flash_bytes=alone.flash_bytes,
        ram_bytes=alone.ram_bytes,
        stack_bytes=stack_bytes,
        stack_bound_bytes=stack_bound(whole).bytes,
        instructions=instructions,
        layers=layers,
        firmware_flash_bytes=whole.flash_bytes,
        firmware_ram_bytes=whole.ram_bytes,
        front_end=None if counts is None else _front_end(whole.path, counts, advance),
    )


def _inference(folder: Path) -> tuple[int, int, tuple[LayerProfile, ...]]:
    """Stack bytes, instructions and layers of one inference on a random input (seed 0)."""
    model = compile_model((folder / "model" / "model.tflite").read_bytes(), "model.tflite")
    macs = {index: layer.macs for index, layer in enumerate(model.all_layers)}
    inference = CoreInference(folder / "firmware.elf", model.input_size, model.output_size)
    values = np.random.default_rng(0).integers(-128, 128, model.input_size, np.int8)
    inference.core.paint_stack()
    with inference.core.counting("spl_layer_") as counter:
        inference.infer(values)
    layers = tuple(
        LayerProfile(name=match[1], instructions=calls.instructions, macs=macs[int(match[2])])
        for name, calls in counter.calls.items()
        if (match := _LAYER.fullmatch(name))
    )
    return inference.core.stack_used(), counter.total, layers


def _front_end(elf: Path, counts: npt.NDArray[np.int16], advance: Advance) -> FrontEndProfile:
    """Count the front end's instructions within the application."""
    core = CoreSimulator(elf)
    with core.counting("spl_frontend_push") as counter:
        run_application(core, counts, advance)
    calls = counter.calls["spl_frontend_push"]
    mean = calls.instructions / max(calls.count, 1)
    return FrontEndProfile(samples=calls.count, mean_instructions=mean, worst_instructions=calls.worst)
