"""The figures of a profile, as they are printed and as JSON has them."""

from pydantic import BaseModel, ConfigDict

from splkit.firmware.profiling.energy import Estimate
from splkit.firmware.profiling.memory_map import ArenaBuffer


class _Figures(BaseModel):
    model_config = ConfigDict(frozen=True)


class LayerProfile(_Figures):
    """One layer.

    Attributes:
        name: its C function.
        operators: of the model, that it computes: several where they are fused.
        kernel: the C function that does it.
        slower: why a faster kernel could not be taken; empty where none could be faster.
        instructions: as executed.
        macs: nominal multiply-accumulates.
        instructions_a_mac: None where there are none.
        flash_bytes: its weights, its other constants and its function; kernels are shared.
        arena_bytes: of the arena, in use while it runs.
        stack_bound_bytes: at most, from its call on.
    """

    name: str
    operators: str
    kernel: str
    slower: str
    instructions: int
    macs: int
    instructions_a_mac: float | None
    flash_bytes: int
    arena_bytes: int
    stack_bound_bytes: int


class FrontEndProfile(_Figures):
    """Instructions of `spl_frontend_push` over a recording."""

    samples: int
    mean_instructions: float
    worst_instructions: int


class Profile(_Figures):
    """The figures of one folder that export or compile made.

    Attributes:
        flash_bytes: inference by itself: code, constants and weights.
        ram_bytes: inference by itself: its context with the arena, its input and its output.
        stack_bytes: high-water mark of one inference.
        stack_bound_bytes: the whole firmware with its interrupts, or an inference by itself; no run takes
            more (`firmware.binary.stack`). None with TensorFlow Lite Micro, whose calls by pointer have no
            bound.
        instructions: executed by one inference, those with a false condition included.
        macs: nominal multiply-accumulates of one inference.
        layers: where they go, none with TensorFlow Lite Micro; what is left over is `spl_infer` itself.
        firmware_flash_bytes: the whole firmware; None of an inference by itself.
        firmware_ram_bytes: the whole firmware, the stack's reserve included; likewise.
        arena_bytes: of `ram_bytes`, activations and scratch.
        memory: who lives where in the arena, and when.
        shared_flash_bytes: of `flash_bytes`, what no layer has to itself: kernels, tables, `spl_infer`.
        front_end: its instructions a sample, where a recording was given.
        recording: in words, what of that recording was taken.
        estimate: time, energy and battery life; None for a CPU whose cycles an instruction are not stated.
    """

    flash_bytes: int
    ram_bytes: int
    stack_bytes: int
    stack_bound_bytes: int | None
    instructions: int
    macs: int
    layers: tuple[LayerProfile, ...]
    firmware_flash_bytes: int | None
    firmware_ram_bytes: int | None
    arena_bytes: int
    memory: tuple[ArenaBuffer, ...]
    shared_flash_bytes: int
    front_end: FrontEndProfile | None = None
    recording: str | None = None
    estimate: Estimate | None = None
