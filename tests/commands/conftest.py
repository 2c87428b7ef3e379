"""One export of the bundled model, made by the command line, for all tests of it."""

from pathlib import Path

import pytest
from support.command_line import splkit_json
from support.made_once import made_once


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Path:
    def make(folder: Path) -> None:
        splkit_json("export", "--board", "nrf52", "--out", str(folder))

    return made_once(tmp_path_factory, "exported", make)
