"""What `splkit boards` says of a board is what its drivers say."""

import subprocess
from pathlib import Path

import pytest
from support.stand_in import export_stand_in

from splkit import boards
from splkit.firmware.build import find_compiler

SAYS = {
    "commands": "BOARD_CAN_RECEIVE",
    "settings": "BOARD_CAN_STORE",
    "BLE": "BOARD_CAN_ADVERTISE",
    "supply": "BOARD_CAN_MEASURE_BATTERY",
}


@pytest.mark.parametrize("name", boards.names())
def test_abilities_are_those_of_the_drivers(name: str, tmp_path: Path) -> None:
    board, folder = boards.load(name), export_stand_in(name, tmp_path)
    asked = '#include "board.h"\n' + "\n".join([*SAYS.values(), "BOARD_CAN_SHOW"])
    command = [
        find_compiler(),
        *board.core.flags,
        "-E",
        "-P",
        "-I",
        folder / "app",
        "-I",
        folder / "include",
        "-",
    ]
    answer = subprocess.run(command, input=asked, capture_output=True, text=True, check=True).stdout
    *can, can_show = (line == "1" for line in answer.splitlines()[-len(SAYS) - 1 :])
    assert dict(zip(SAYS, can, strict=True)) == {word: word in board.abilities for word in SAYS}
    if board.family != "mps2":  # whose outputs are lines of text
        assert can_show == ("LED" in board.abilities or "alarm line" in board.abilities)
