"""Inference on the `core` engine: `spl_infer` of the ELF, in memory that holds it to its word."""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from splkit.ecg.frontend import CYCLE_SIZE
from splkit.errors import ParityError
from splkit.firmware.manifest import Runtime
from splkit.firmware.simulators.core import CoreSimulator
from splkit.progress import Advance, ignore_progress

SPL_OK = 0


class CoreInference:
    """`spl_infer` of a firmware; it may write its context, its output and its stack, and nothing else.

    Args:
        elf: `firmware.elf` of an exported folder.
        input_size: int8 values in.
        output_size: int8 values out.
        runtime: TensorFlow Lite Micro has variables of its own, and may write all RAM.
    """

    def __init__(
        self, elf: Path, input_size: int = CYCLE_SIZE, output_size: int = 1, runtime: Runtime = "splkit"
    ) -> None:
        self._confined = runtime == "splkit"
        self.core = CoreSimulator(elf)
        self._model = self.core.allocate_type("spl_model_t")
        self._input = self.core.allocate(input_size)
        self._output = self.core.allocate(output_size)

    def infer(self, values: npt.NDArray[np.int8]) -> npt.NDArray[np.int8]:
        """One inference: int8[input_size] in, int8[output_size] out.

        Raises:
            ParityError: it refused its input, or left its memory.
        """
        self.core.write(self._input, values)
        writable = [self._model, self._output] if self._confined else None
        status = self.core.call("spl_infer", self._model, self._input, self._output, writable=writable)
        if status != SPL_OK:
            raise ParityError(
                "spl_infer takes every int8 input",
                found=f"status {status}",
                next_step="report it with the model",
            )
        return self.core.read(self._output)

    def self_test(self) -> int:
        """What `spl_self_test` of a compiled model returns; 0 where all is as it was compiled.

        Raises:
            ParityError: it left its memory.
        """
        lent = [self._model, self._input, self._output]
        return self.core.call("spl_self_test", *lent, writable=lent)


def infer_core(
    elf: Path,
    inputs: npt.NDArray[np.int8],
    output_size: int = 1,
    advance: Advance = ignore_progress,
    runtime: Runtime = "splkit",
) -> npt.NDArray[np.int8]:
    """The outputs, int8[n, output_size], of a firmware's `spl_infer` for the inputs, int8[n, input_size].

    Raises:
        ParityError: an inference left its memory or refused its input.
        ToolError: `elf` is not a firmware, or unicorn is missing.
    """
    inference = CoreInference(elf, inputs.shape[1], output_size, runtime)
    outputs = np.empty((len(inputs), output_size), np.int8)
    for row, values in zip(outputs, inputs, strict=True):
        row[:] = inference.infer(values)
        advance(1)
    return outputs
