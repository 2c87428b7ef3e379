"""Firmware with a stand-in library (tests/firmware/library): what it says is known without a model."""

import shutil
from pathlib import Path

from splkit import boards
from splkit.firmware.sources import ApplicationContext, write_application

LIBRARY = Path(__file__).parents[1] / "firmware" / "library"
CONTEXT = ApplicationContext("9.9.9", "0123456789abcdef", "trained on nothing", ("ok", "first", "rr"))
FS_HZ = 300

# Samples with a meaning of their own: library/include/spl.h.
TRAP, OVERFLOW, STALL, STRAY, STUCK, PAUSE, DEAF = range(-7000, -6993)


def export_stand_in(board: str | boards.Board, folder: Path) -> Path:
    """What an export writes for a board, by name or as it is, at its own rate, with the stand-in library."""
    shutil.copytree(LIBRARY, folder, dirs_exist_ok=True)
    description = boards.load(board) if isinstance(board, str) else board
    write_application(description, description.ecg.fs_hz, folder, CONTEXT)
    return folder
