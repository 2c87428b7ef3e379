"""Fixtures that every room's tests share."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support import compiler_cache

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Workers of pytest-xdist inherit the environment of the process that starts them."""
    if not hasattr(config, "workerinput"):
        programs = TemporaryDirectory(prefix="splkit-compilers-")
        config.add_cleanup(programs.cleanup)
        compiler_cache.use(Path(programs.name))


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
