"""Runs a compiled model in process: the kernels, built once for this machine, called as the plan says.

It skips the text of spl_model.c, and a compiler's run a model; `host_model` and `core_model` build that too.
"""

import ctypes
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.operators.base import Layer
from splkit.codegen.plan import Place
from splkit.firmware.parity.host import load_library
from splkit.quantize.oracle import TflmOracle

KERNELS = Path(__file__).parents[2] / "codegen" / "kernels"
INTEGERS = {"int32_t": ctypes.c_int32, "int16_t": ctypes.c_int16, "int8_t": ctypes.c_int8}
DTYPES = {"int32_t": np.int32, "int16_t": np.int16, "int8_t": np.int8}
GUARD, POISON = 64, 0x5A
"""Bytes around every buffer, and what they and the arena hold before an inference."""


@cache
def kernels() -> ctypes.CDLL:
    """All kernels, compiled once a process."""
    return load_library(KERNELS.parent, sorted(KERNELS.glob("*.c")))


@cache
def structures() -> dict[str, list[tuple[str, str]]]:
    """The fields, type and name, of every structure in the kernels' headers."""
    found = {}
    for header in KERNELS.glob("*.h"):
        text = re.sub(r"/\*.*?\*/", "", header.read_text(), flags=re.DOTALL)
        for body, name in re.findall(r"typedef struct \{(.*?)\} (\w+);", text, re.DOTALL):
            found[name] = re.findall(r"(\w+\s+\*?)(\w+);", body)
    return found


@cache
def structure(name: str) -> type[ctypes.Structure]:
    """A kernel's structure; pointers are untyped."""
    fields = [
        (field, ctypes.c_void_p if ctype.endswith("*") else INTEGERS[ctype.strip()])
        for ctype, field in structures()[name]
    ]
    return type(name, (ctypes.Structure,), {"_fields_": fields})


class KernelModel:
    """The inference of a model, buffer by buffer of its plan, held to the bytes that the plan gives it."""

    def __init__(self, content: bytes, _folder: Path | None = None, *, ram_bytes: int | None = None) -> None:
        self._oracle = TflmOracle(content)
        self.model: CompiledModel = compile_model(content, "test.tflite", ram_bytes)
        self._kept: list[object] = []
        sizes = {
            "input": self.model.input_size,
            "output": self.model.output_size,
            "arena": self.model.arena_bytes,
        }
        self._buffers = {name: np.full(size + 2 * GUARD, POISON, np.uint8) for name, size in sizes.items()}
        self._calls = list(self._prepared())

    def run(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        """int8[n, m] outputs for int8[n, ...] inputs."""
        size = self.model.output_size
        outputs = np.zeros((len(inputs), size), np.int8)
        for i, (row, output) in enumerate(zip(inputs, outputs, strict=True)):
            self._buffers["arena"][:] = POISON
            self._buffers["input"][GUARD:-GUARD] = row.ravel().view(np.uint8)
            for call, arguments, mine in self._calls:
                before = self._buffers["arena"].copy() if i == 0 else None
                call(*arguments)
                assert before is None or mine[before != self._buffers["arena"]].all(), "written elsewhere"
            for result, end in zip(self.model.plan.results, self.model.outputs, strict=True):
                at, length = GUARD + result.offset, end.tensor.size
                values = self._buffers[result.base][at : at + length].view(np.int8)
                output[end.offset : end.offset + length] = values
            assert row.tobytes() == self._buffers["input"][GUARD:-GUARD].tobytes(), "the input was written"
            for name, buffer in self._buffers.items():
                assert (buffer[:GUARD] == POISON).all() and (buffer[-GUARD:] == POISON).all(), name
        return outputs

    def mismatches(self, inputs: NDArray[np.int8]) -> int:
        """How many outputs differ from the oracle's."""
        return int(np.count_nonzero(self.run(inputs) != self._oracle.run(inputs)))

    def _prepared(self) -> Iterator[tuple[Callable[..., None], tuple[object, ...], NDArray[np.bool_]]]:
        """Each call, what it is passed, and which bytes of the arena it may write."""
        plan = self.model.plan
        for i, layer in enumerate(self.model.all_layers):
            if not layer.kernel:
                continue
            call = getattr(kernels(), layer.function)
            call.restype = None
            inputs = [self._address(place) for place in plan.inputs[i]]
            if layer.listed_inputs:
                listed = (ctypes.c_void_p * len(inputs))(*(address.value for address in inputs))
                inputs = [ctypes.cast(listed, ctypes.c_void_p)]
                self._kept.append(listed)
            places = (self._address(plan.outputs[i]), self._address(plan.scratch[i]))
            mine = self._written(i)
            yield call, (ctypes.byref(self._parameters(layer)), *inputs, *places), mine
            if layer.clamp:
                yield kernels().spl_clamp_s8, (places[0], layer.output.size, *layer.clamp), mine

    def _written(self, i: int) -> NDArray[np.bool_]:
        """The bytes of the arena that the plan gives to the output and the scratch of layer `i`."""
        plan, mine = self.model.plan, np.zeros(len(self._buffers["arena"]), bool)
        for place in (plan.outputs[i], plan.scratch[i]):
            for each in plan.allocations if place is not None and place.base == "arena" else ():
                if each.first <= i <= each.last and each.offset <= place.offset < each.offset + each.size:
                    mine[GUARD + each.offset : GUARD + each.offset + each.size] = True
        return mine

    def _address(self, place: Place | None) -> ctypes.c_void_p:
        if place is None:
            return ctypes.c_void_p(None)
        return ctypes.c_void_p(self._buffers[place.base].ctypes.data + GUARD + place.offset)

    def _parameters(self, layer: Layer) -> ctypes.Structure:
        values: dict[str, int] = dict(layer.fields)
        for name, array in layer.arrays.items():
            dtype = np.dtype(np.int32 if array.struct else DTYPES[array.ctype])
            data = np.ascontiguousarray(array.values).astype(dtype, casting="unsafe")
            assert np.array_equal(data, array.values), f"{name} of {layer.name} does not fit {array.ctype}"
            self._kept.append(data)
            values[name] = data.ctypes.data
        for name, part in layer.parts.items():
            values[name] = ctypes.addressof(self._parameters(part))
        kind = structure(f"{layer.kernel}_t")
        assert values.keys() <= {field[0] for field in kind._fields_}, layer.name
        made = kind(**values)
        self._kept.append(made)
        return made
