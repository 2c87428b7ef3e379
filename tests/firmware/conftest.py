"""Firmware with the stand-in library, built once for each board."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.stand_in import FS_HZ, export_stand_in

from splkit import boards
from splkit.firmware.build import build
from splkit.firmware.export import ExportRequest, export
from splkit.quantize.reference import reference_model


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The built folder of a board."""
    folders: dict[str, Path] = {}

    def folder(board: str) -> Path:
        if board not in folders:
            folders[board] = export_stand_in(board, tmp_path_factory.mktemp(board))
            build(folders[board])
        return folders[board]

    return folder


@pytest.fixture(scope="session")
def exported_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The exported and built folder of a board, with the bundled model."""
    folders: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in folders:
            folders[name] = tmp_path_factory.mktemp("model") / name
            board, model = boards.load(name), reference_model()
            request = ExportRequest.for_board(model, board)
            export(request, folders[name])
        return folders[name]

    return folder


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A folder of the nrf52 board that has not been built, to be spoilt."""
    return export_stand_in("nrf52", tmp_path / "export")


@pytest.fixture(scope="session")
def thirty_seconds() -> NDArray[np.int16]:
    """Accepted beats of the stand-in library 0.8 s apart but for the first, over noise; int16[9000]."""
    counts = np.random.default_rng(1).integers(-900, 900, 30 * FS_HZ).astype(np.int16)
    counts[100::240] = 1000 + 10 * np.arange(1, 1 + len(counts[100::240]), dtype=np.int16)
    counts[100] += 1
    return counts
