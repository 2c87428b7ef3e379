"""Prints what quantiles cost on a Cortex-M4: a network with one answer, and with several.

    python bench/quantile_cost.py [--json]

The networks differ in their last layer alone. They are exported for nrf52 and run in the core simulator:
flash, RAM and instructions of an inference (`splkit profile`), and instructions of the sample that completes
an answer, with front end, inference, risks and alert state. All counts are exact.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from costs import print_costs
from support.quantile_models import GAINS, SHIFTS_MEQ_L, SPREAD, spread_card, widened

from splkit import boards
from splkit.ecg.recordings.readers import read_recording
from splkit.firmware.export import ExportRequest, export
from splkit.firmware.profiling.profile import profile
from splkit.firmware.simulators.application import run_application
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.playback import counts_for
from splkit.quantize.spread import Spread

WHICH = {1: (3,), 3: (0, 3, 6), 7: tuple(range(7))}
"""By the number of answers: which of the seven."""


@dataclass(frozen=True)
class Cost:
    """Of a firmware for nrf52: instructions of an inference and of a whole answer; bytes."""

    answers: int
    inference_instructions: int
    answer_instructions: int
    inference_flash_bytes: int
    firmware_flash_bytes: int
    ram_bytes: int


def measure(answers: int, folder: Path) -> Cost:
    """Exports the network with so many answers, one of `WHICH`, into `folder`, and counts."""
    chosen = WHICH[answers]
    content = widened([SHIFTS_MEQ_L[i] for i in chosen], [GAINS[i] for i in chosen])
    model = folder.parent / f"answers_{answers}.tflite"
    model.write_bytes(content)
    card = spread_card(content, _spread(chosen) if answers > 1 else None)
    board = boards.load("nrf52")
    export(ExportRequest(model, card, board, board.ecg.fs_hz, board.ecg.uv_per_count), folder)
    found, core = profile(folder), CoreSimulator(folder / "firmware.elf")
    with core.counting("spl_push") as counter:
        run_application(core, counts_for(folder, read_recording("toy"), 30.0))
    return Cost(
        answers,
        found.instructions,
        counter.calls["spl_push"].worst,
        found.flash_bytes,
        found.firmware_flash_bytes,
        found.firmware_ram_bytes,
    )


def _spread(chosen: tuple[int, ...]) -> Spread:
    parts = {"permille": SPREAD.permille, "correction_meq_l": SPREAD.correction_meq_l}
    return SPREAD.model_copy(update={name: tuple(part[i] for i in chosen) for name, part in parts.items()})


def costs(scratch: Path) -> list[Cost]:
    """All of them."""
    return [measure(answers, scratch / str(answers)) for answers in WHICH]


if __name__ == "__main__":
    print_costs(__doc__ or "", costs)
