"""A debug probe through pyOCD (https://pyocd.io): CMSIS-DAP, J-Link, ST-LINK."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from splkit.boards import Board
from splkit.console import Advance
from splkit.errors import ToolError
from splkit.firmware.flashing.flash import STEPS, flashing_of
from splkit.firmware.flashing.image import Image
from splkit.optional import optional

_PURPOSE = "a chip is flashed through pyOCD"


@dataclass(frozen=True)
class ProbeName:
    """A probe that is connected: its serial number and what it calls itself."""

    uid: str
    description: str


class PyocdProbe:
    """`splkit.firmware.flashing.flash.Probe` on an open session of pyOCD."""

    def __init__(self, session: Any) -> None:
        self._session = session

    def read(self, address: int, size: int) -> bytes:
        """Bytes of the chip's memory."""
        return bytes(self._session.target.read_memory_block8(address, size))

    def program(self, image: Image, advance: Advance) -> None:
        """Erases the sectors that the image touches and writes it, through pyOCD's flash loader."""
        loader = optional("pyocd.flash.loader", _PURPOSE)
        done = 0

        def report(share: float) -> None:
            nonlocal done
            advance(round(share * STEPS) - done)
            done = round(share * STEPS)

        flash_loader = loader.FlashLoader(self._session, progress=report, chip_erase="sector")
        for segment in image.segments:
            flash_loader.add_data(segment.address, segment.data)
        flash_loader.commit()

    def reset(self) -> None:
        """Lets the chip start over."""
        self._session.target.reset()


def probes() -> list[ProbeName]:
    """The probes that are connected.

    Raises:
        ToolError: pyOCD is not installed.
    """
    helpers = optional("pyocd.core.helpers", _PURPOSE)
    return [
        ProbeName(probe.unique_id, probe.description)
        for probe in helpers.ConnectHelper.get_all_connected_probes(blocking=False)
    ]


@contextmanager
def open_probe(board: Board, uid: str | None = None) -> Iterator[PyocdProbe]:
    """The probe with this serial number, or the only one, connected to the board's chip.

    Raises:
        BoardError: the board is not flashed.
        ToolError: pyOCD is not installed, there is no such probe, more than one, or no chip answers.
    """
    target = flashing_of(board).target
    helpers = optional("pyocd.core.helpers", _PURPOSE)
    exceptions = optional("pyocd.core.exceptions", _PURPOSE)
    chosen = _choose(uid)
    try:
        session = helpers.ConnectHelper.session_with_chosen_probe(
            unique_id=chosen.uid, target_override=target, blocking=False
        )
        with session:
            yield PyocdProbe(session)
    except exceptions.TargetSupportError as error:
        raise ToolError(
            f"pyOCD knows {target}",
            found=str(error),
            next_step=f"install its pack: pyocd pack install {target}",
        ) from error
    except exceptions.Error as error:
        raise ToolError(
            f"a {board.chip} answers the probe",
            found=str(error) or type(error).__name__,
            next_step="check the cable, the board's power, and that nothing else holds the probe",
        ) from error


def _choose(uid: str | None) -> ProbeName:
    found = probes()
    chosen = [probe for probe in found if uid is None or probe.uid.lower().startswith(uid.lower())]
    if len(chosen) != 1:
        listed = ", ".join(f"{probe.uid} ({probe.description})" for probe in found) or "none"
        raise ToolError(
            "one probe is connected, or one is named" if uid is None else f"a probe is called {uid}",
            found=listed,
            next_step="connect one, or name it with --probe; splkit flash --list shows them",
        )
    return chosen[0]
