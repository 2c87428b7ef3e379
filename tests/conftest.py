"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Excerpts of real recordings, laid out as the whole data sets are: mitdb/, nstdb/, ptbxl/."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def anchor_dir() -> Path:
    """The anchor model, 64 golden inputs with the oracle's outputs, and the oracle's sigmoid table."""
    return ROOT / "tests" / "data" / "anchor"
