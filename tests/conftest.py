"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of real recordings: $SPLKIT_DATA, or ../shared/data beside the repository."""
    folder = Path(os.environ.get("SPLKIT_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "mitdb").is_dir():
        pytest.skip(f"no real recordings: neither $SPLKIT_DATA nor {folder} holds mitdb/")
    return folder


@pytest.fixture(scope="session")
def anchor_dir() -> Path:
    """The folder of the anchor model: $SPLKIT_ANCHOR, or ../shared/anchor beside the repository."""
    folder = Path(os.environ.get("SPLKIT_ANCHOR", ROOT.parent / "shared" / "anchor"))
    if not (folder / "dscrnn_4k_int8.tflite").is_file():
        pytest.skip(f"no anchor model: neither $SPLKIT_ANCHOR nor {folder} holds dscrnn_4k_int8.tflite")
    return folder
