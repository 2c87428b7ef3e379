"""A debug probe through pyOCD (https://pyocd.io): CMSIS-DAP, J-Link, ST-LINK."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from splkit.boards import Board
from splkit.errors import ToolError
from splkit.firmware.flashing.flash import STEPS, flashing_of
from splkit.firmware.flashing.image import Image
from splkit.optional import optional
from splkit.progress import Advance

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
        for block in image.blocks:
            flash_loader.add_data(block.address, block.data)
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


class _RefuseLocked:
    """What pyOCD asks before it looks at a chip: one that is locked shows nothing, and is left as it is."""

    def will_init_target(self, target: Any, init_sequence: Any) -> None:
        """Puts the check behind pyOCD's own, and before anything else."""
        init_sequence.wrap_task(
            "discovery",
            lambda discovery: discovery.insert_before(
                "find_components", ("refuse_locked", lambda: _refuse(target))
            ),
        )


def _refuse(target: Any) -> None:
    if target.is_locked():
        raise ToolError(
            "a chip is flashed through an open debug port",
            found="one that is locked",
            next_step="add --unlock: it erases all of the chip first, calibration and thresholds included",
        )


@contextmanager
def open_probe(board: Board, uid: str | None = None, *, unlock: bool = False) -> Iterator[PyocdProbe]:
    """The probe with this serial number, or the only one, connected to the board's chip.

    Args:
        board: whose chip it is.
        uid: how the probe's serial number begins.
        unlock: erase all of a chip whose debug port is locked. pyOCD by itself would do so unasked.

    Raises:
        BoardError: the board is not flashed.
        ToolError: pyOCD is not installed, there is no such probe, more than one, or no chip
            that answers and is open.
    """
    target = flashing_of(board).target
    helpers = optional("pyocd.core.helpers", _PURPOSE)
    exceptions = optional("pyocd.core.exceptions", _PURPOSE)
    chosen = _choose(uid)
    try:
        session = helpers.ConnectHelper.session_with_chosen_probe(
            unique_id=chosen.uid, target_override=target, blocking=False, auto_unlock=unlock
        )
        session.delegate = _RefuseLocked()
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
            f"the board's {board.chip} answers the probe",
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
