"""The store of the Zephyr application, on a stand-in for Zephyr's settings subsystem."""

import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

from splkit.firmware.parity.host import WARNINGS
from splkit.needs import CC

HERE = Path(__file__).parent / "zephyr"
ERASED = f"{2**32 - 1} {2**32 - 1}"
FIRST, SECOND = "100 121", "200 221"
"""Words 0 and 21 of each slot, as the player programs them."""


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Path:
    firmware, made = Path(str(files("splkit.firmware"))), tmp_path_factory.mktemp("store")
    store = made / "store.c"  # beside no board_can.h: that of the stand-in counts
    for name in ("store.c", "store.h"):
        (made / name).write_bytes((firmware / "zephyr_app" / name).read_bytes())
    (made / "board.h").write_bytes((firmware / "app" / "board.h").read_bytes())
    program = made / "player"
    includes = [f"-I{folder}" for folder in (HERE, made)]
    command = [str(CC.path()), "-std=gnu11", *WARNINGS, *includes, str(store), str(HERE / "store_player.c")]
    subprocess.run([*command, "-o", str(program)], check=True)
    return program


@pytest.mark.parametrize(
    ("steps", "read"),
    [
        ("s r0 r1", [ERASED, ERASED]),
        ("s e0 p0 r0 r1", [FIRST, ERASED]),
        ("s e0 p0 e1 p1 s r0 r1", [FIRST, SECOND]),
        ("s e0 p0 e1 h1 s r0 r1", [FIRST, ERASED]),
        ("s e0 p0 e1 p1 e0 s r0 r1", [ERASED, SECOND]),
        ("s e0 p0 e1 f p1 r0 r1", [FIRST, ERASED]),
        ("s e0 p0 x0 s r0", [ERASED]),
    ],
    ids=[
        "nothing stored",
        "stored",
        "outlives a reset",
        "power fails before the last word",
        "erased",
        "flash does not take it",
        "a value of another size",
    ],
)
def test_a_slot_reads_as_flash_has_it(player: Path, steps: str, read: list[str]) -> None:
    done = subprocess.run([player, *steps.split()], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == read
