"""One export of the bundled model, made by the command line, for all tests of it."""

from pathlib import Path

import pytest
from support.command_line import splkit_json


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "nrf52"
    splkit_json("export", "--board", "nrf52", "--out", str(folder))
    return folder
