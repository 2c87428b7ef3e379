"""Hostile frames on the wire change nothing: on the host under sanitizers, in the ELF, through a UART."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from support.host_application import compile_player
from support.hostile import OWNERS, frames, hold
from support.scenarios import counts
from support.stand_in import FS_HZ, export_stand_in

from splkit.firmware.build import build
from splkit.firmware.simulators.application import Application, simulate_core
from splkit.firmware.simulators.core import CoreSimulator
from splkit.firmware.simulators.qemu import simulate_qemu
from splkit.firmware.wire.framing import frame

SEED = 7
RECORDING = counts(["100x4500", "20x5600", "4s"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = export_stand_in("mps2-an386", tmp_path_factory.mktemp("hostile"))
    build(folder)
    return folder


@pytest.fixture(scope="module")
def undisturbed(folder: Path) -> list[str]:
    return simulate_core(folder / "firmware.elf", RECORDING)


def test_five_thousand_under_sanitizers(folder: Path, tmp_path: Path) -> None:
    recording = tmp_path / "recording.i16"
    RECORDING.astype("<i2").tofile(recording)
    answers, lines, complaint = hold(compile_player(folder, tmp_path / "play"), recording, 5000, SEED)
    assert complaint == ""
    assert answers > 1000
    assert lines > 50


def test_two_hundred_on_the_core_engine(folder: Path, undisturbed: list[str]) -> None:
    application = Application(CoreSimulator(folder / "firmware.elf"))
    application.receive(b"".join(OWNERS))
    store = [list(slot) for slot in application.store]
    hostile = frames(200, SEED)
    for stretch in np.array_split(RECORDING, 200):
        application.push(stretch)
        application.receive(next(hostile))
    said = application.lines
    assert [line for line in said if not line.startswith("R ")] == undisturbed
    assert application.store == store
    (status,) = application.send("status")[-1:]
    assert status.startswith("R status ok live high 5600 0 5600 6600 0 ")


def test_two_thousand_through_the_uart_of_qemu(folder: Path, undisturbed: list[str]) -> None:
    hostile = frames(2000, SEED)
    owners = iter(OWNERS)

    def respond(line: str) -> str:
        if line.startswith(("# ", "R provision ok", "R session ok", "R alert ok")) and (
            own := next(owners, b"")
        ):
            return own.decode()
        if not line.startswith("B "):
            return ""
        sent = b""
        if int(line.split()[1]) < len(RECORDING) - 10 * FS_HZ:
            sent = b"".join(islice(hostile, 20))
        return f"{sent.decode('latin-1')}\n{frame('status')}\n"

    said = simulate_qemu(folder / "firmware.elf", RECORDING, FS_HZ, respond=respond)
    assert [line for line in said if not line.startswith("R ")] == undisturbed
    status = [line for line in said if line.startswith("R status ok")][-1]
    assert status.startswith("R status ok live high 5600 0 5600 6600 0 ")
    assert int(status.split()[10]) > 10  # lines dropped; others lost their end in a full ring
    assert next(hostile, None) is None
