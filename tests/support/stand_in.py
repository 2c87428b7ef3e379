"""Firmware with a stand-in library (tests/firmware/library): what it says is known without a model."""

import shutil
from pathlib import Path

from splkit import boards
from splkit.codegen.generate import write_interface
from splkit.codegen.meaning import Meaning
from splkit.codegen.units import SplScale
from splkit.firmware.sources import ApplicationContext, write_application
from splkit.quantize.contract import Contract, Plausible

LIBRARY = Path(__file__).parents[1] / "firmware" / "library"
CONTEXT = ApplicationContext("9.9.9", "0123456789abcdef", "trained on nothing", ("ok", "first", "rr"))
FS_HZ = 300
POTASSIUM = Contract(task="potassium", plausible=Plausible(low=1, high=10))
"""Its estimates are counts, of which a beat has more than 1000."""

# Samples with a meaning of their own: library/include/spl_frontend.h.
TRAP, OVERFLOW, STALL, STRAY, STUCK, PAUSE, DEAF, BROKEN = range(-7000, -6992)


def stand_in_meaning(board: boards.Board, contract: Contract = POTASSIUM) -> Meaning:
    """What the stand-in's numbers mean: counts of its beats are thousandths of the unit."""
    scale = SplScale(zero_point=0, multiplier=1, fraction_bits=0, offset=0)
    return Meaning(contract, None, 0, scale, board.ecg.uv_per_count, "nothing")


def export_stand_in(
    board: str | boards.Board,
    folder: Path,
    contract: Contract = POTASSIUM,
) -> Path:
    """What an export writes for a board, by name or as it is, at its own rate, with the stand-in library."""
    description = boards.load(board) if isinstance(board, str) else board
    write_interface(stand_in_meaning(description, contract), "A stand-in.", folder)
    rate = f"#define SPL_FS_HZ {description.ecg.fs_hz}\n"
    (folder / "include" / "spl_frontend_config.h").write_text(rate)
    shutil.copytree(LIBRARY, folder, dirs_exist_ok=True)
    write_application(description, description.ecg.fs_hz, folder, CONTEXT)
    return folder
