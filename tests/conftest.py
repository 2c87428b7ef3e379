"""Fixtures that every room's tests share."""

from pathlib import Path

import pytest
from support import compiler_cache

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Workers of pytest-xdist inherit the environment of the process that starts them."""
    if config.cache is not None and not hasattr(config, "workerinput"):
        compiler_cache.use(config.cache.mkdir("ccache"))


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
