"""The simulators by name, each behind the same call."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from splkit import boards
from splkit.errors import UsageError
from splkit.firmware.exported_board import board_of, is_own
from splkit.firmware.manifest import Manifest, held_manifest
from splkit.firmware.simulators.application import simulate_core
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.simulators.renode import simulate_renode
from splkit.progress import Advance

Run = Callable[[Path, Manifest, NDArray[np.int16], Advance], list[str]]

ENGINES: dict[str, Run] = {
    "core": lambda elf, _, counts, advance: simulate_core(elf, counts, advance),
    "qemu": lambda elf, manifest, counts, advance: simulate_qemu(elf, counts, manifest.fs_hz, advance),
    "renode": lambda elf, manifest, counts, advance: simulate_renode(
        elf, manifest.board, counts, manifest.fs_hz, advance
    ),
}


def simulate(folder: Path, counts: NDArray[np.int16], engine: str, advance: Advance) -> list[str]:
    """Streams int16[n] counts through the firmware of an exported folder; its lines, banner first.

    Raises:
        UsageError: the folder's board cannot run on this engine.
        ToolError: the simulator is missing, or the run failed.
    """
    manifest = held_manifest(folder)
    board = board_of(folder, manifest)
    # Renode's platform lies in the folders of the boards that ship.
    supported = [name for name in board.simulators if name != "renode" or not is_own(board)]
    if engine not in supported:
        others = " or ".join(each.name for each in boards.all_boards()[0] if engine in each.simulators)
        raise UsageError(
            f"{manifest.board} runs on {' and '.join(supported)}",
            found=f"--engine {engine}",
            next_step=f"export for {others}, or choose another engine",
        )
    return ENGINES[engine](folder / "firmware.elf", manifest, counts, advance)
