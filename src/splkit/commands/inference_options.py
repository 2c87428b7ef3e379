"""Options of verbs that run the network alone: inputs from a file, and no ECG."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from splkit.commands.options import FILE, Whole
from splkit.errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from splkit.firmware.manifest import FolderManifest

RANDOM_INPUTS = 256


class CountOrFile(click.ParamType[int | Path]):
    """An option that is a number of random inputs, or a file with inputs."""

    name = "N|FILE"

    def __init__(self, count: Whole) -> None:
        self.count = count

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Path:
        """Converts to the number or the path."""
        if isinstance(value, int | Path):
            return value
        digits = str(value).lstrip("+-").isdecimal()
        return int(self.count.convert(value, param, ctx)) if digits else Path(FILE.convert(value, param, ctx))


def read_given(folder: Path, inputs: int | Path) -> "NDArray[np.int8] | None":
    """The inputs of a file for a folder's network, int8[n, input_size]. None if `inputs` is a number."""
    from splkit.codegen.compile import compile_model
    from splkit.firmware.given_inputs import read_inputs
    from splkit.firmware.parity.inference import model_of

    if isinstance(inputs, int):
        return None
    return read_inputs(inputs, compile_model(model_of(folder), "model.tflite"))


def require_no_ecg(*names: str) -> None:
    """Refuses options that need a front end. `names` are the names of their parameters."""
    context = click.get_current_context()
    stated = [
        parameter.opts[-1]
        for parameter in context.command.params
        if parameter.name in names and context.get_parameter_source(parameter.name) != ParameterSource.DEFAULT
    ]
    if stated:
        raise UsageError(
            "an inference by itself has neither an ECG nor a firmware about it",
            found=", ".join(stated),
            next_step="leave it out; splkit export puts a front end before a network of ECG cycles",
        )


def is_export(manifest: "FolderManifest") -> bool:
    """Whether the folder is an export, in which the network stands behind a front end."""
    from splkit.firmware.manifest import Manifest

    return isinstance(manifest, Manifest)
