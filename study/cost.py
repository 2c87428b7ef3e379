"""Counts what a network costs on a board, on the ELF in the core simulator. The weights do not matter."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np
from pydantic import BaseModel, ConfigDict

from splkit import __version__, boards
from splkit.files import write_whole
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.profiling.profile import profile
from splkit.folders import scratch_folder
from splkit.quantize.convert import convert_model
from splkit.train.zoo import Family, Size, build, randomize, standard_twin

BOARD: Final = "nrf52"
"""The board on which cost is counted. It has a Cortex-M4F."""
COUNTED: Final = "measured on a simulated Cortex-M4"
_ANY_NUMBER: Final = MappingProxyType({"task": "other", "unit": "1", "plausible": {"low": -1e6, "high": 1e6}})
"""A card that accepts any output. The weights are random, so that the outputs mean nothing."""
_CALIBRATED_ON, _SPREAD = 64, 0.5
"""Number and SD of the random inputs from which the quantization ranges are taken."""


class CostOf(BaseModel):
    """A network of the zoo, or the same network with standard convolutions instead of separable ones."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: Family
    size: Size
    is_standard_twin: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.family}_{self.size}" + ("_standard" if self.is_standard_twin else "")


class Cost(BaseModel):
    """What a network costs.

    Attributes:
        of: the network.
        parameters: number of parameters of the float network.
        macs: nominal multiply-accumulates of one inference of the int8 network.
        instructions: instructions that one inference executes.
        flash_bytes, ram_bytes: memory of the inference alone, as in `splkit profile`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    splkit: str
    of: CostOf
    parameters: int
    macs: int
    instructions: int
    flash_bytes: int
    ram_bytes: int

    @classmethod
    def kept(cls, path: Path, of: CostOf) -> Self | None:
        """The cost that this version of splkit counted before, or None."""
        try:
            cost = cls.model_validate_json(path.read_bytes())
        except (OSError, ValueError):
            return None
        return cost if (cost.splkit, cost.of) == (__version__, of) else None


def count(of: CostOf, path: Path) -> Cost:
    """Quantize, export and profile a network with random weights, and write its cost to `path`.

    Raises:
        ModelError: the network cannot be exported.
        ToolError: TensorFlow, the compiler or the core simulator is missing, or the network does not fit the
            board.
    """
    model = randomize(_built(of), seed=1)
    with exported(model) as (_, folder):
        figures = profile(folder)
    cost = Cost(
        splkit=__version__,
        of=of,
        parameters=model.count_params(),
        macs=figures.macs,
        instructions=figures.instructions,
        flash_bytes=figures.flash_bytes,
        ram_bytes=figures.ram_bytes,
    )
    write_whole(path, (cost.model_dump_json(indent=2) + "\n").encode())
    return cost


@contextmanager
def exported(model: Any) -> Iterator[tuple[bytes, Path]]:
    """The int8 form of an untrained tf_keras model, and its export for `BOARD`.

    The folder of the export is removed when the block ends.
    """
    size = int(model.input_shape[1])
    inputs = np.random.default_rng(2).normal(0, _SPREAD, (_CALIBRATED_ON, size)).astype(np.float32)
    with scratch_folder() as scratch:
        tflite, folder = scratch / "model.tflite", scratch / "export"
        content = convert_model(model, inputs)
        tflite.write_bytes(content)
        export(ExportRequest.for_board(tflite, boards.load(BOARD), _ANY_NUMBER, accept_weak=True), folder)
        yield content, folder


def _built(of: CostOf) -> Any:
    return standard_twin(of.family, of.size) if of.is_standard_twin else build(of.family, of.size)
