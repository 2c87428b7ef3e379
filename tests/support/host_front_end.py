"""The generated C front end, built for this machine without a model; for tests and the benchmark."""

import ctypes
import shutil
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.front_end import front_end_sources
from splkit.ecg.frontend import CYCLE_SIZE, FrontEndConfig, InputQuantization
from splkit.firmware.host import load_library

HOST_SOURCE = Path(__file__).parents[2] / "firmware/host/spl_host_frontend.c"
SCALE, ZERO_POINT = 0.0216, -52
SHORTEST_RR_SAMPLES = 16

BEAT = np.dtype(
    [("r_sample", "u4"), ("rr_samples", "u2"), ("amplitude", "i2"), ("verdict", "u1")], align=True
)


@dataclass(frozen=True)
class HostRun:
    """What the C reported: n beats (of dtype `BEAT`), k quantized cycles and the beat of each."""

    beats: NDArray[np.void]
    cycles: NDArray[np.int8]
    cycle_beat: NDArray[np.int32]


def write_sources(config: FrontEndConfig, folder: Path) -> None:
    """Writes the front end's C and the host's flat interface into `folder`/lib."""
    library = folder / "lib"
    library.mkdir(parents=True)
    quantization = InputQuantization.for_input(SCALE, ZERO_POINT)
    for name, text in front_end_sources(config, quantization, "a test").items():
        (library / name).write_text(text)
    shutil.copy(HOST_SOURCE, library)


class HostFrontEnd:
    """The C front end of one configuration."""

    def __init__(self, config: FrontEndConfig) -> None:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            write_sources(config, folder)
            self._run = load_library(folder, [*folder.glob("lib/*.c")]).spl_host_frontend_run
        beats, cycles, cycle_beat = (_array(kind) for kind in (BEAT, np.int8, np.int32))
        size, counter = ctypes.c_int32, ctypes.POINTER(ctypes.c_int32)
        self._run.argtypes = (_array(np.int16), size, beats, size, cycles, cycle_beat, size, counter)

    def run(self, counts: NDArray[np.int16]) -> HostRun:
        """Streams int16[n] counts through a fresh front end."""
        room = len(counts) // SHORTEST_RR_SAMPLES + 1
        beats, cycle_count = np.zeros(room, BEAT), ctypes.c_int32()
        cycles, cycle_beat = np.zeros((room // 8 + 1, CYCLE_SIZE), np.int8), np.zeros(room // 8 + 1, np.int32)
        outputs = (beats, room, cycles, cycle_beat, len(cycles), ctypes.byref(cycle_count))
        count = self._run(np.ascontiguousarray(counts), len(counts), *outputs)
        return HostRun(beats[:count], cycles[: cycle_count.value], cycle_beat[: cycle_count.value])


@cache
def host_front_end(config: FrontEndConfig) -> HostFrontEnd:
    """Builds each configuration once."""
    return HostFrontEnd(config)


def _array(kind: np.dtype[np.void] | type[np.integer]) -> type:
    return np.ctypeslib.ndpointer(kind, flags="C_CONTIGUOUS")
