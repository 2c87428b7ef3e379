"""What the front end costs a Cortex-M4 at 300 Hz: instruction counts repeat exactly, so they are held."""

from collections.abc import Callable
from pathlib import Path

from splkit import boards
from splkit.ecg.frontend import FrontEndConfig, to_counts
from splkit.ecg.recordings.readers import read_recording
from splkit.ecg.recordings.recording import resample
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator

FS_HZ, SAMPLES = 300, 18_000
TOGETHER = (
    ("spl_beats_detect", "spl_candidates_isolate"),
    ("spl_waves_filter", "spl_waves_place"),
    ("spl_cycles_extract",),
)
"""What one push may come to: of each row one, since the others come in other pushes."""

AROUND = 120  # what spl_frontend_push itself takes at most, with its calls


def test_instructions_a_sample_and_ram(exported_model: Callable[[str], Path]) -> None:
    core = CoreSimulator(exported_model("nrf52") / "firmware.elf")
    config = FrontEndConfig.for_rate(FS_HZ, boards.load("nrf52").ecg.uv_per_count)
    counts = to_counts(resample(read_recording("toy"), FS_HZ), config)[:SAMPLES]
    with core.counting("spl_") as counter:
        run_application(core, counts)
    push = counter.calls["spl_frontend_push"]
    assert push.count == len(counts)
    assert push.instructions <= 155 * push.count
    most = sum(max(counter.calls[part].worst for part in parts) for parts in TOGETHER)
    assert push.worst <= AROUND + most <= 3000
    assert core.elf.type_size("spl_frontend_t") <= 3200
