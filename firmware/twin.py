"""What the firmware must say of a recording, by the host's twins: numpy front end, oracle, line format."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.units import spl_scale
from splkit.console import Advance, ignore_progress
from splkit.ecg.frontend import FrontEndConfig, FrontEndTrace, Verdict, quantize_cycles, run_front_end
from splkit.errors import UsageError
from splkit.firmware.manifest import read_manifest
from splkit.quantize.oracle import TflmOracle


class Twin:
    """The host's twin of an exported folder's firmware.

    Raises:
        UsageError: no exported folder.
        ToolError: the oracle is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.manifest = read_manifest(folder)
        path = folder / "model" / "model.tflite"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UsageError(
                "an exported folder keeps its model",
                found=f"{path}: {error.strerror}",
                next_step="export it again",
            ) from error
        self.model: CompiledModel = compile_model(content, path.name)
        self.oracle = TflmOracle(content)
        self.config = FrontEndConfig.for_rate(self.manifest.fs_hz, self.manifest.uv_per_count)
        output = self.model.graph.output
        self._scale = spl_scale(output.scale, output.zero_point, self.manifest.spl_offset_meq_l)

    def quantize(self, cycles: NDArray[np.int16]) -> NDArray[np.int8]:
        """Q12 cycles as the model's input, int8[k, 270]."""
        return quantize_cycles(cycles, self.model.graph.input.scale, self.model.graph.input.zero_point)

    def front_end(self, counts: NDArray[np.int16], advance: Advance = ignore_progress) -> FrontEndTrace:
        """The front end's trace of int16[n] counts."""
        return run_front_end(counts, self.config, advance)

    def lines(self, trace: FrontEndTrace) -> list[str]:
        """The application's lines about beats and estimates, the banner left out."""
        outputs = (
            self.oracle.run(self.quantize(trace.averaged))
            if len(trace.averaged)
            else np.zeros((0, 1), np.int8)
        )
        estimates = dict(zip(trace.averaged_beat.tolist(), outputs[:, 0].tolist(), strict=True))
        lines = []
        for beat in range(len(trace.r_sample)):
            lines.append(self._beat_line(trace, beat))
            if beat in estimates:
                output = estimates[beat]
                lines.append(f"K {trace.r_sample[beat]} {self._scale.ueq_l(output)} {output}")
        return lines

    def _beat_line(self, trace: FrontEndTrace, beat: int) -> str:
        fs_hz = self.manifest.fs_hz
        rr_ms = (int(trace.rr_samples[beat]) * 1000 + fs_hz // 2) // fs_hz
        uv_per_count_q16 = round(self.manifest.uv_per_count * (1 << 16))
        amplitude_uv = (int(trace.amplitude[beat]) * uv_per_count_q16 + (1 << 15)) >> 16
        return f"B {trace.r_sample[beat]} {rr_ms} {amplitude_uv} {Verdict(trace.verdict[beat]).word}"
