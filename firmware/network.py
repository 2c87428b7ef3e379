"""A network on its way into a folder: read, compiled, held to the oracle; and what the folder says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from splkit import __version__
from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.self_test import golden_input
from splkit.codegen.tflm import TflmModel
from splkit.errors import ModelError, ToolError
from splkit.firmware.manifest import MODEL
from splkit.folders import digests
from splkit.quantize.oracle import TflmOracle, oracle_arena_bytes


@dataclass(frozen=True)
class Network:
    """A model as every folder takes it.

    Attributes:
        name: the model's file name.
        compiled: as our engine computes it.
        tflm: the same model, where TensorFlow Lite Micro computes it instead.
        golden_outputs: what the self-test's inference must give; None where the oracle is not installed.
        ram_limit_bytes: for arena, input and output, where one was asked for.
    """

    name: str
    compiled: CompiledModel
    tflm: TflmModel | None
    golden_outputs: tuple[int, ...] | None
    ram_limit_bytes: int | None = None

    @classmethod
    def of(cls, content: bytes, name: str, *, by_tflm: bool = False, ram_bytes: int | None = None) -> Self:
        """Compiles a .tflite without its card, within a limit of RAM, if there is one.

        Raises:
            ModelError: it cannot be compiled, or not within that limit.
        """
        compiled = compile_model(content, name, ram_bytes)
        _require_fit(compiled, ram_bytes)
        tflm = TflmModel(compiled, content, oracle_arena_bytes(content)) if by_tflm else None
        return cls(name, compiled, tflm, _golden_outputs(compiled, content), ram_bytes)

    def facts(self, board: str, compiler: str, folder: Path) -> Mapping[str, Any]:
        """What a `FolderManifest` says of it in a folder that is complete but for the manifest."""
        return {
            "splkit": __version__,
            "board": board,
            "model": self.name,
            "model_sha256": self.compiled.sha256,
            "runtime": "tflm" if self.tflm else "splkit",
            "rounding": "double",
            "macs": self.compiled.macs,
            "arena_bytes": (self.tflm or self.compiled).arena_bytes,
            "ram_limit_bytes": self.ram_limit_bytes,
            "self_test": "weights" if self.golden_outputs is None else "weights and inference",
            "compiler": compiler,
            "files": digests(folder),
        }


def write_content(content: bytes, folder: Path) -> None:
    """Writes the .tflite into `model/`."""
    path = folder / MODEL[0]
    path.parent.mkdir()
    path.write_bytes(content)


def _require_fit(model: CompiledModel, ram_bytes: int | None) -> None:
    """Refuses a limit under the plan that takes the least."""
    if ram_bytes is not None and model.ram_bytes > ram_bytes:
        raise ModelError(
            f"an inference takes {ram_bytes:,} B of RAM at most, as --ram says",
            found=f"a least plan of {model.ram_bytes:,} B for arena, input and output",
            next_step=f"allow {model.ram_bytes}",
        )


def _golden_outputs(model: CompiledModel, content: bytes) -> tuple[int, ...] | None:
    try:
        oracle = TflmOracle(content)
    except ToolError:
        return None
    return tuple(oracle.run(golden_input(model.input_size)[np.newaxis])[0].tolist())
