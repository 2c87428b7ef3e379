"""What the firmware must say of a recording, by the host's twins: numpy front end, oracle, line format."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.compile import CompiledModel, compile_model
from splkit.codegen.meaning import in_milli, rules_of
from splkit.codegen.units import spl_scale
from splkit.ecg.frontend import FrontEndTrace, Verdict, quantize_cycles, run_front_end
from splkit.errors import UsageError, reason
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.alert import DEFAULTS, Alerts, Settings, risk_permille
from splkit.firmware.wire.framing import frame
from splkit.progress import Advance, ignore_progress
from splkit.quantize.distance import PERCENT
from splkit.quantize.oracle import TflmOracle


class Twin:
    """The host's twin of an exported folder's firmware.

    Raises:
        UsageError: no exported folder.
        ToolError: the oracle is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.manifest = folder, read_manifest(folder)
        path = folder / "model" / "model.tflite"
        try:
            content = path.read_bytes()
        except OSError as error:
            raise UsageError(
                "an exported folder keeps its model",
                found=f"{path}: {reason(error)}",
                next_step="export it again",
            ) from error
        self.model: CompiledModel = compile_model(content, path.name)
        self.oracle = TflmOracle(content)
        self.config = self.manifest.front_end
        output = self.model.graph.output
        self._scale = spl_scale(output.scale, output.zero_point, self.manifest.offset)
        plausible = self.manifest.plausible
        self._low, self._high = in_milli(plausible.low), in_milli(plausible.high)

    def quantize(self, cycles: NDArray[np.int16]) -> NDArray[np.int8]:
        """Q12 cycles as the model's input, int8[k, 270]."""
        return quantize_cycles(cycles, self.model.graph.input.scale, self.model.graph.input.zero_point)

    def front_end(self, counts: NDArray[np.int16], advance: Advance = ignore_progress) -> FrontEndTrace:
        """The front end's trace of int16[n] counts."""
        return run_front_end(counts, self.config, advance)

    def lines(self, trace: FrontEndTrace, samples: int, settings: Settings = DEFAULTS) -> list[str]:
        """The application's lines about beats, estimates and alerts, the banner left out.

        Args:
            trace: of the front end.
            samples: how many it was given.
            settings: the device's calibration and thresholds.
        """
        outputs = (
            self.oracle.run(self.quantize(trace.averaged))
            if len(trace.averaged)
            else np.zeros((0, self.model.output_size), np.int8)
        )
        answers = dict(zip(trace.averaged_beat.tolist(), outputs.tolist(), strict=True))
        unlike = self._unlike(trace)
        alerts = Alerts(self.manifest.fs_hz, settings, self.manifest, self.manifest.spread)
        texts: list[str] = []
        for beat, (r_sample, rr_samples, verdict) in enumerate(
            zip(trace.r_sample.tolist(), trace.rr_samples.tolist(), trace.verdict.tolist(), strict=True)
        ):
            amplitude_uv = self._to_uv(int(trace.amplitude[beat]))
            texts += _alert_lines(alerts, alerts.time(r_sample))
            texts.append(f"B {r_sample} {self._to_ms(rr_samples)} {amplitude_uv} {Verdict(verdict).word}")
            texts += _alert_lines(alerts, alerts.beat(r_sample, rr_samples, amplitude_uv, Verdict(verdict)))
            if beat in unlike:
                changed = alerts.answer(r_sample, None)
                texts += [f"E unlike {unlike[beat]}", *_alert_lines(alerts, changed)]
            elif beat in answers:
                quantiles = self._estimate(answers[beat], settings)
                changed = alerts.answer(r_sample, quantiles)
                texts.append(self._answer_line(r_sample, quantiles, answers[beat], alerts))
                texts += _alert_lines(alerts, changed)
        reported_s = rules_of(self.manifest).reported_s
        texts += _alert_lines(alerts, alerts.time(samples - 1 - reported_s * self.manifest.fs_hz))
        return [frame(text) for text in texts]

    def _unlike(self, trace: FrontEndTrace) -> dict[int, int]:
        """By their last beat, how far the cycles without an answer are from those of training, in percent."""
        if self.manifest.distance is None:
            return {}
        percent = self.manifest.distance.percent(trace.averaged).tolist()
        beats = zip(trace.averaged_beat.tolist(), percent, strict=True)
        return {beat: each for beat, each in beats if each > PERCENT}

    def _estimate(self, outputs: list[int], settings: Settings) -> tuple[int, ...] | None:
        """The value that outputs are, or their quantiles, not calibrated; None where it is no estimate."""
        answers = np.array([[self._scale.value(each) for each in outputs]])
        spread = self.manifest.spread
        quantiles = tuple((spread.corrected(answers) if spread else answers)[0].tolist())
        value = quantiles[self._median]
        plausible = all(self._low <= each <= self._high for each in (value, settings.curve.value(value)))
        return quantiles if plausible else None

    @property
    def _median(self) -> int:
        return self.manifest.spread.median if self.manifest.spread else 0

    def _answer_line(
        self, r_sample: int, quantiles: tuple[int, ...] | None, outputs: list[int], alerts: Alerts
    ) -> str:
        output = outputs[self._median]
        if quantiles is None:
            return f"E implausible {output}"
        curve = alerts.settings.curve
        calibrated = curve.value(quantiles[self._median])
        if self.manifest.task == "probability":
            about = in_milli(self.manifest.positive_spl_meq_l or 0.0)
            return f"P {r_sample} {calibrated} {about} {output} {alerts.state}"
        if self.manifest.task == "other":
            return f"V {r_sample} {calibrated} {output} {self.manifest.unit}"
        ends: tuple[int, ...] = ()
        if self.manifest.spread:
            ends = curve.quantiles(quantiles, self._median)[:: len(quantiles) - 1]
        elif self.manifest.interval_ueq_l:
            ends = tuple(calibrated + end for end in curve.ends(*self.manifest.interval_ueq_l))
        interval = " ".join(str(min(max(end, self._low), self._high)) for end in ends) or "- -"
        said = f"K {r_sample} {calibrated} {interval} {'/'.join(map(str, outputs))} {alerts.state}"
        return said + self._risks(quantiles, alerts.settings)

    def _risks(self, quantiles: tuple[int, ...], settings: Settings) -> str:
        spread = self.manifest.spread
        if spread is None:
            return ""
        levels = (settings.high_ueq_l, settings.critical_ueq_l)
        risks = (risk_permille(spread, settings.curve, quantiles, each, self.manifest) for each in levels)
        return "".join(f" {risk}" for risk in risks)

    def _to_ms(self, samples: int) -> int:
        fs_hz = self.manifest.fs_hz
        return (samples * 1000 + fs_hz // 2) // fs_hz

    def _to_uv(self, counts: int) -> int:
        uv_per_count_q16 = round(self.manifest.uv_per_count * (1 << 16))
        return (counts * uv_per_count_q16 + (1 << 15)) >> 16


def _alert_lines(alerts: Alerts, changed: bool) -> list[str]:
    return [f"A {alerts.changed_at} {alerts.state}"] if changed else []
