"""What a firmware costs: flash, RAM and stack of an inference, and its instructions, layer by layer."""

import re
from collections import Counter
from pathlib import Path

import numpy as np
import numpy.typing as npt

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.firmware.binary.elf import Elf
from splkit.firmware.binary.stack import stack_bound, stack_bound_of
from splkit.firmware.build import make
from splkit.firmware.exported_board import board_of
from splkit.firmware.manifest import Manifest, held_folder
from splkit.firmware.parity.inference import model_of
from splkit.firmware.profiling.energy import BATTERY_MAH, estimate
from splkit.firmware.profiling.figures import FrontEndProfile, LayerProfile, Profile
from splkit.firmware.profiling.memory_map import alive_bytes, memory_map
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.inference import CoreInference
from splkit.folders import scratch_folder
from splkit.progress import Advance, ignore_progress

__all__ = ["STEPS", "FrontEndProfile", "LayerProfile", "Profile", "profile"]

_LAYER = re.compile(r"(spl_layer_(\d+)_\w+)(\.\w+)*")  # GCC appends .constprop.0 and its like
_OF_LAYER = re.compile(r"(?:spl_)?layer_(\d+)(?:_.*)?")
STEPS = 2
"""What `profile` reports to its `advance`, beside one step a sample of a recording."""


def profile(
    folder: Path,
    counts: npt.NDArray[np.int16] | None = None,
    advance: Advance = ignore_progress,
    battery_mah: float = BATTERY_MAH,
) -> Profile:
    """Measure a folder that export or compile made, and that has been built.

    Args:
        folder: the folder.
        counts: int16[n], a recording at the firmware's rate, to measure the front end of an export on.
        advance: called with 1 for each of `STEPS` steps, then with samples done.
        battery_mah: charge of the battery whose life is estimated.

    Raises:
        ToolError: it was not built, a tool is missing, or its stack has no bound.
        ParityError: inference left its memory.
    """
    manifest = held_folder(folder)
    firmware = manifest if isinstance(manifest, Manifest) else None
    model = compile_model(model_of(folder), manifest.model, manifest.ram_limit_bytes)
    with scratch_folder() as scratch:
        make(folder, "footprint", objects=scratch)
        alone, whole = Elf(scratch / "footprint.elf"), Elf(folder / manifest.elf)
    advance(1)
    ours = manifest.runtime == "splkit"
    inference = CoreInference(whole.path, model.input_size, model.output_size, manifest.runtime)
    instructions, by_layer = _count(inference, model.input_size)
    advance(1)
    layers = _layers(model, by_layer, alone, whole)
    front_end = None if counts is None else _front_end(whole.path, counts, advance)
    front_end_hz = front_end.mean_instructions * firmware.fs_hz if firmware and front_end else None
    return Profile(
        flash_bytes=alone.flash_bytes,
        ram_bytes=alone.ram_bytes,
        stack_bytes=inference.core.stack_used(),
        stack_bound_bytes=_stack_bound(whole, firmware) if ours else None,
        instructions=instructions,
        macs=model.macs,
        layers=layers,
        firmware_flash_bytes=whole.flash_bytes if firmware else None,
        firmware_ram_bytes=whole.ram_bytes if firmware else None,
        arena_bytes=manifest.arena_bytes,
        memory=memory_map(model) if ours else (),
        shared_flash_bytes=alone.flash_bytes - sum(layer.flash_bytes for layer in layers),
        front_end=front_end,
        estimate=estimate(
            board_of(folder, manifest),
            instructions,
            front_end_hz,
            battery_mah,
            firmware.averaged_cycles if firmware else None,
        ),
    )


def _stack_bound(elf: Elf, firmware: Manifest | None) -> int:
    """Of the whole firmware with its interrupts, or of an inference by itself."""
    return stack_bound(elf).bytes if firmware else stack_bound_of(elf, "spl_infer")


def _count(inference: CoreInference, input_size: int) -> tuple[int, dict[str, int]]:
    """Instructions of one inference on a random input (seed 0): of all, and by layer's function."""
    values = np.random.default_rng(0).integers(-128, 128, input_size, np.int8)
    inference.core.paint_stack()
    with inference.core.counting("spl_layer_") as counter:
        inference.infer(values)
    return counter.total, {name: calls.instructions for name, calls in counter.calls.items()}


def _layers(
    model: CompiledModel, by_layer: dict[str, int], alone: Elf, whole: Elf
) -> tuple[LayerProfile, ...]:
    layers = {layer.name: layer for layer in model.all_layers}
    alive, flash = alive_bytes(model), _flash_by_layer(alone)
    return tuple(
        LayerProfile(
            name=match[1],
            operators=(layer := layers[match[1]]).title,
            kernel=layer.function,
            slower=layer.slower,
            instructions=instructions,
            macs=layer.macs,
            instructions_a_mac=instructions / layer.macs if layer.macs else None,
            flash_bytes=flash[int(match[2])],
            arena_bytes=alive[match[1]],
            stack_bound_bytes=stack_bound_of(whole, function),
        )
        for function, instructions in by_layer.items()
        if (match := _LAYER.fullmatch(function))
    )


def _flash_by_layer(elf: Elf) -> Counter[int]:
    """Bytes of the functions and constants that bear a layer's number."""
    sizes: Counter[int] = Counter()
    for symbol in elf.symbols():
        if match := _OF_LAYER.fullmatch(symbol.name):
            sizes[int(match[1])] += symbol.size
    return sizes


def _front_end(elf: Path, counts: npt.NDArray[np.int16], advance: Advance) -> FrontEndProfile:
    """Count the front end's instructions within the application."""
    core = CoreSimulator(elf)
    with core.counting("spl_frontend_push") as counter:
        run_application(core, counts, advance)
    calls = counter.calls["spl_frontend_push"]
    mean = calls.instructions / max(calls.count, 1)
    return FrontEndProfile(samples=calls.count, mean_instructions=mean, worst_instructions=calls.worst)
