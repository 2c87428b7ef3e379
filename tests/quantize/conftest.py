"""A small run, trained and fine-tuned."""

from pathlib import Path

import pytest
from support.made_once import made_once

from splkit.quantize.finetune import fine_tuned
from splkit.train.config import FineTune, TrainConfig
from splkit.train.folder import Run
from splkit.train.run import train_run


@pytest.fixture(scope="session")
def tiny() -> TrainConfig:
    return TrainConfig(patients=12, records_per_patient=2, record_s=20, epochs=1, least_steps=60)


@pytest.fixture(scope="session")
def fine_tune() -> FineTune:
    return FineTune(epochs=2)


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory, tiny: TrainConfig, fine_tune: FineTune) -> Path:
    """Of the order that boards get; tests/commands/test_training.py has the posted one."""

    def make(folder: Path) -> None:
        train_run(tiny, folder)
        fine_tuned(Run.load(folder), fine_tune)

    return made_once(tmp_path_factory, "run", make)
