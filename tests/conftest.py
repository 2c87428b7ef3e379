"""Fixtures that every room's tests share."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support import compiler_cache

ROOT = Path(__file__).parents[1]


def pytest_configure(config: pytest.Config) -> None:
    """Workers of pytest-xdist inherit the environment of the process that starts them."""
    config.addinivalue_line("markers", "long: takes many seconds; started first, so that none waits for it")
    if not hasattr(config, "workerinput"):
        programs, cycles = (TemporaryDirectory(prefix=f"splkit-{name}-") for name in ("compilers", "cycles"))
        for each in (programs, cycles):
            config.add_cleanup(each.cleanup)
        compiler_cache.use(Path(programs.name))
        os.environ["SPLKIT_CACHE"] = cycles.name


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long tests first: the last one would keep a single worker busy at the end."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


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
