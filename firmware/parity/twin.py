"""What the firmware must say of a recording, by the host's twins: numpy front end, oracle, line format."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit.codegen.meaning import rules_of
from splkit.ecg.frontend import FrontEndTrace, Verdict, run_front_end
from splkit.firmware.manifest import read_manifest
from splkit.firmware.parity.alarms import Alarms
from splkit.firmware.parity.alert import DEFAULTS, Alerts, Settings
from splkit.firmware.parity.inference import model_of
from splkit.firmware.wire.framing import frame
from splkit.progress import Advance, ignore_progress
from splkit.quantize.answers import Answer, DeviceModel
from splkit.quantize.units import in_milli


class Twin:
    """The host's twin of an exported folder's firmware.

    Raises:
        UsageError: no exported folder.
        ToolError: the oracle is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.manifest = folder, read_manifest(folder)
        content = model_of(folder)
        self.config = self.manifest.front_end
        manifest = self.manifest
        self.device = DeviceModel(
            content,
            manifest,
            spread=manifest.spread,
            interval=manifest.interval_ueq_l,
            distance=manifest.distance,
        )

    def front_end(self, counts: NDArray[np.int16], advance: Advance = ignore_progress) -> FrontEndTrace:
        """The front end's trace of int16[n] counts."""
        return run_front_end(counts, self.config, advance)

    def lines(
        self, trace: FrontEndTrace, samples: int, settings: Settings = DEFAULTS, *, is_patient: bool = True
    ) -> list[str]:
        """The application's lines about beats, estimates, alerts and alarms, the banner left out.

        Args:
            trace: of the front end.
            samples: how many it was given.
            settings: the device's calibration and thresholds.
            is_patient: a replay is none, and sets off no alarms.
        """
        counts = trace.averaged_count.tolist()
        said = self.device.answers(trace.averaged, settings.curve, counts=counts)
        means = zip(said, counts, trace.averaged_grown.tolist(), strict=True)
        answers = dict(zip(trace.averaged_beat.tolist(), means, strict=True))
        alerts = Alerts(self.manifest.fs_hz, settings, self.manifest, self.manifest.spread)
        alarms = Alarms(self.manifest.fs_hz, self.manifest.task == "probability")
        alarms.start(alerts.state, is_patient=is_patient)
        texts: list[str] = []

        def change(changed: bool) -> None:
            if changed:
                said, sample = alerts.state, alerts.changed_at
                texts.extend([*alarms.time(sample), f"A {sample} {said}", *alarms.change(said, sample)])

        for beat, (r_sample, rr_samples, verdict) in enumerate(
            zip(trace.r_sample.tolist(), trace.rr_samples.tolist(), trace.verdict.tolist(), strict=True)
        ):
            amplitude_uv = self._to_uv(int(trace.amplitude[beat]))
            change(alerts.time(r_sample))
            texts += alarms.time(r_sample)
            texts.append(f"B {r_sample} {self._to_ms(rr_samples)} {amplitude_uv} {Verdict(verdict).word}")
            change(alerts.beat(r_sample, rr_samples, amplitude_uv, Verdict(verdict)))
            if beat in answers:
                answer, cycles, grown = answers[beat]
                changed = alerts.answer(r_sample, answer.quantiles, grown=grown)
                texts.append(self._answer_line(r_sample, answer, cycles, alerts))
                change(changed)
        reported = samples - 1 - rules_of(self.manifest).reported_s * self.manifest.fs_hz
        change(alerts.time(reported))
        texts += alarms.time(reported)
        return [frame(text) for text in texts]

    def _answer_line(self, r_sample: int, answer: Answer, cycles: int, alerts: Alerts) -> str:
        if answer.unlike_percent is not None:
            return f"E unlike {answer.unlike_percent}"
        device, settings = self.device, alerts.settings
        output, quantiles = answer.outputs[device.median], answer.quantiles
        if quantiles is None:
            return f"E implausible {output}"
        calibrated = settings.curve.value(quantiles[device.median])
        if self.manifest.task == "probability":
            about = in_milli(self.manifest.positive_spl_meq_l or 0.0)
            return f"P {r_sample} {calibrated} {about} {output} {alerts.state}"
        if self.manifest.task == "other":
            return f"V {r_sample} {calibrated} {output} {self.manifest.unit}"
        interval = " ".join(map(str, device.ends(quantiles, settings.curve) or ("-", "-")))
        levels = (settings.high_ueq_l, settings.critical_ueq_l)
        risks = "".join(f" {risk}" for risk in device.risks(quantiles, levels, settings.curve))
        outputs = "/".join(map(str, answer.outputs))
        of = f" {cycles}" if self.config.least_cycles < self.config.averaged_cycles else ""
        return f"K {r_sample} {calibrated} {interval} {outputs} {alerts.state}{risks}{of}"

    def _to_ms(self, samples: int) -> int:
        fs_hz = self.manifest.fs_hz
        return (samples * 1000 + fs_hz // 2) // fs_hz

    def _to_uv(self, counts: int) -> int:
        uv_per_count_q16 = round(self.manifest.uv_per_count * (1 << 16))
        return (counts * uv_per_count_q16 + (1 << 15)) >> 16
