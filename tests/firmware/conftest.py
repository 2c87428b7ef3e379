"""Firmware with the stand-in library and with models, built once for each board."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from support.made_once import made_once
from support.single_answer import single_answer_model
from support.stand_in import FS_HZ, export_stand_in

from splkit import boards
from splkit.firmware.build import build
from splkit.firmware.export import ExportRequest, export
from splkit.quantize.reference import reference_model


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The built folder of a board."""

    def make(board: str, folder: Path) -> None:
        export_stand_in(board, folder)
        build(folder)

    return lambda board: made_once(tmp_path_factory, f"stand-in-{board}", partial(make, board))


@pytest.fixture(scope="session")
def exported_model(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The exported and built folder of a board, with the bundled model."""

    def make(board: str, folder: Path) -> None:
        export(ExportRequest.for_board(reference_model(), boards.load(board)), folder)

    return lambda board: made_once(tmp_path_factory, f"bundled-{board}", partial(make, board))


@pytest.fixture(scope="session")
def single_answer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exported and built folder of a model with one answer and an interval, for nrf52."""
    request = ExportRequest.for_board(single_answer_model(), boards.load("nrf52"))
    return made_once(tmp_path_factory, "single-answer", partial(export, request))


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
