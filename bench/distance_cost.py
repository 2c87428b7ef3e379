"""Prints what the distance costs on a Cortex-M4: the bundled network with it and without it.

    python bench/distance_cost.py [--json]

Both are exported for nrf52 and run in the core simulator: flash and RAM of the firmware, instructions of the
sample that completes an answer (front end, distance, inference, alert state), and those of the distance
alone. All counts are exact.
"""

from dataclasses import dataclass
from pathlib import Path

from costs import print_costs

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.profiling.profile import profile
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import counts_for
from splkit.quantize.carried import card_for
from splkit.quantize.reference import reference_model

LARGEST = 2_147_483_600
"""The largest limit that a card may have: no cycle of an ECG is beyond it, so that every one is answered."""


@dataclass(frozen=True)
class Cost:
    """Of a firmware for nrf52: instructions; bytes."""

    distance: str
    answer_instructions: int
    distance_instructions: int
    firmware_flash_bytes: int
    ram_bytes: int


def measure(checked: bool, folder: Path) -> Cost:
    """Exports the bundled network into `folder`, with a distance or without, and counts."""
    card, board = card_for(reference_model()), boards.load("nrf52")
    wide = card.distance and card.distance.model_copy(update={"limit": LARGEST})
    card = card.model_copy(update={"distance": wide if checked else None})
    export(ExportRequest(reference_model(), card, board, board.ecg.fs_hz, board.ecg.uv_per_count), folder)
    found, core = profile(folder), CoreSimulator(folder / "firmware.elf")
    with core.counting("spl_") as counter:
        run_application(core, counts_for(folder, read_recording("toy"), 30.0))
    own = counter.calls["spl_distance"].worst if checked else 0
    answer = counter.calls["spl_push"].worst
    return Cost(
        "checked" if checked else "none", answer, own, found.firmware_flash_bytes, found.firmware_ram_bytes
    )


def costs(scratch: Path) -> list[Cost]:
    """All of them."""
    return [measure(checked, scratch / str(checked)) for checked in (False, True)]


if __name__ == "__main__":
    print_costs(__doc__ or "", costs)
