"""The exported library built for this machine and called in process: the portable kernels at native speed."""

import ctypes
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.children import run
from splkit.ecg.frontend.config import CYCLE_SIZE
from splkit.ecg.frontend.trace import Verdict
from splkit.errors import ParityError, ToolError
from splkit.folders import scratch_folder
from splkit.needs import CC

WARNINGS = ("-Wall", "-Wextra", "-Wconversion", "-Werror")
FLAGS = ("-std=c99", "-O2", *WARNINGS, "-fPIC", "-Iinclude", "-Ilib", "-Ilib/kernels")
SAMPLES_PER_BEAT = 16
"""No front end finds beats closer than this, at any rate; it bounds the arrays that C fills."""


@dataclass(frozen=True)
class HostTrace:
    """What the C front end found, as in a `FrontEndTrace`: n beats and k averaged, quantized cycles.

    `counted` is what `spl_frontend_count` says of each verdict.
    """

    r_sample: NDArray[np.int64]
    rr_samples: NDArray[np.int32]
    verdict: NDArray[np.uint8]
    amplitude: NDArray[np.int16]
    cycles: NDArray[np.int8]
    averaged_beat: NDArray[np.int64]
    averaged_count: NDArray[np.int64]
    averaged_grown: NDArray[np.bool_]
    counted: dict[Verdict, int]


class _Trace(ctypes.Structure):
    _fields_ = (
        ("max_beats", ctypes.c_int32),
        ("beat_count", ctypes.c_int32),
        ("r_sample", ctypes.c_void_p),
        ("rr_samples", ctypes.c_void_p),
        ("amplitude", ctypes.c_void_p),
        ("verdict", ctypes.c_void_p),
        ("max_cycles", ctypes.c_int32),
        ("cycle_count", ctypes.c_int32),
        ("cycles", ctypes.c_void_p),
        ("cycle_beat", ctypes.c_void_p),
        ("cycles_in", ctypes.c_void_p),
        ("cycle_grown", ctypes.c_void_p),
        ("counted", ctypes.c_uint32 * len(Verdict)),
    )


class HostLibrary:
    """The `lib/` of a folder that splkit made, compiled by the host's C compiler (`$CC`, cc) and loaded.

    `input_size` is of its network.

    Raises:
        ToolError: there is no compiler, or the sources do not build without a warning.
    """

    def __init__(self, folder: Path, input_size: int = CYCLE_SIZE) -> None:
        self._library = load_library(folder, [*folder.glob("lib/**/*.c"), *folder.glob("host/*.c")])
        self._output_size = ctypes.c_int32.in_dll(self._library, "spl_host_output_size").value
        self._infer = self._library.spl_host_infer
        self._infer.argtypes = (ctypes.c_void_p, ctypes.c_int32, ctypes.c_void_p)
        self._input_size = input_size

    def infer(self, inputs: NDArray[np.int8]) -> NDArray[np.int8]:
        """The outputs, int8[n, k], for int8[n, input_size]."""
        rows = np.ascontiguousarray(inputs, np.int8)
        outputs = np.zeros((len(rows), self._output_size), np.int8)
        status = self._infer(_pointer(rows), len(rows), _pointer(outputs))
        if status != 0:
            raise ParityError(
                "spl_infer takes every input",
                found=f"status {status}",
                next_step="report it with the exported folder",
            )
        return outputs

    def front_end(self, counts: NDArray[np.int16]) -> HostTrace:
        """Streams int16[n] counts through a fresh front end, which the library of an export has."""
        stream = self._library.spl_host_front_end
        stream.argtypes = (ctypes.c_void_p, ctypes.c_int32, ctypes.POINTER(_Trace))
        samples = np.ascontiguousarray(counts, np.int16)
        room = len(samples) // SAMPLES_PER_BEAT + 1
        r_sample, rr_samples = np.zeros(room, np.uint32), np.zeros(room, np.uint16)
        amplitude, verdict = np.zeros(room, np.int16), np.zeros(room, np.uint8)
        cycles, cycle_beat = np.zeros((room, self._input_size), np.int8), np.zeros(room, np.int32)
        cycle_count, cycle_grown = np.zeros(room, np.int32), np.zeros(room, np.uint8)
        beat_arrays = (_pointer(array) for array in (r_sample, rr_samples, amplitude, verdict))
        mean_arrays = (_pointer(array) for array in (cycles, cycle_beat, cycle_count, cycle_grown))
        trace = _Trace(room, 0, *beat_arrays, room, 0, *mean_arrays)
        if stream(_pointer(samples), len(samples), ctypes.byref(trace)) != 0:
            raise ParityError(
                f"beats are at least {SAMPLES_PER_BEAT} samples apart",
                found=f"over {room} in {len(samples)} samples",
                next_step="report it with the recording",
            )
        n, k = trace.beat_count, trace.cycle_count
        return HostTrace(
            r_sample[:n].astype(np.int64),
            rr_samples[:n].astype(np.int32),
            verdict[:n],
            amplitude[:n],
            cycles[:k],
            cycle_beat[:k].astype(np.int64),
            cycle_count[:k].astype(np.int64),
            cycle_grown[:k].astype(np.bool_),
            {verdict: trace.counted[verdict] for verdict in Verdict},
        )


def load_library(folder: Path, sources: list[Path]) -> ctypes.CDLL:
    """Compiles C sources of `folder`, which include from its `include/` and `lib/`, and loads the library.

    Each is compiled by itself and named as seen from the folder, so that a compiler cache knows it again.
    """
    with scratch_folder() as scratch:
        objects = [scratch / f"{number}.o" for number in range(len(sources))]
        for source, made in zip(sorted(sources), objects, strict=True):
            _compile(["-c", str(source.relative_to(folder)), "-o", str(made)], scratch, folder)
        library = scratch / "libspl.so"
        _compile(["-shared", *map(str, objects), "-o", str(library)], scratch, folder)
        return ctypes.CDLL(str(library))


def _compile(arguments: list[str], scratch: Path, folder: Path) -> None:
    result = run([CC.path(), *FLAGS, *arguments], scratch, folder)
    if result.returncode != 0:
        first = next((line for line in result.stderr.splitlines() if "error" in line), result.stderr[:200])
        raise ToolError(
            "the exported sources build for the host without a warning",
            found=first,
            next_step="export the folder again, or set CC to another compiler",
        )


def _pointer(array: NDArray[np.generic]) -> int:
    return int(array.ctypes.data)
