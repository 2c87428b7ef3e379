"""What verbs say of an inference by itself: inputs from a file, and no ECG."""

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
    """A number of random values, or a file of given ones."""

    name = "N|FILE"

    def __init__(self, count: Whole) -> None:
        self.count = count

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | Path:
        """The number, or the path."""
        if isinstance(value, int | Path):
            return value
        digits = str(value).lstrip("+-").isdecimal()
        return int(self.count.convert(value, param, ctx)) if digits else Path(FILE.convert(value, param, ctx))


def read_given(folder: Path, inputs: int | Path) -> "NDArray[np.int8] | None":
    """int8[n, input_size] of a file for a folder's network; None for a number."""
    from splkit.codegen.compile import compile_model
    from splkit.firmware.given_inputs import read_inputs
    from splkit.firmware.parity.inference import model_of

    if isinstance(inputs, int):
        return None
    return read_inputs(inputs, compile_model(model_of(folder), "model.tflite"))


def require_no_ecg(*names: str) -> None:
    """Refuses options, by their parameters' names, that need a front end."""
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
    """Whether a folder's network stands behind a front end."""
    from splkit.firmware.manifest import Manifest

    return isinstance(manifest, Manifest)
