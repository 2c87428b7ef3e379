"""What a bench does to a chip of Nordic's: volts, commands, the button, a radio that listens."""

from pathlib import Path

from renode.ble import advertisements
from support.nrf_chip import NrfChip

from splkit.firmware.simulators.application import KEY
from splkit.firmware.wire.framing import frame
from splkit.firmware.wire.signing import Signer

WITH_RADIO = ("nrf52", "nrf52832")
BOARDS = (*WITH_RADIO, "nrf5340")  # whose radio is at its other core
MIDDLE_V, COUNT_V = 1.8, 3.6 / (1 << 14)
START_S = 0.4
"""By then the crystal of 32.768 kHz runs, and samples are taken."""


def plays(chip: NrfChip, **counts: int) -> None:
    """Samples of these counts about the middle (`at_100=1001`) at the board's input, 0 in between."""
    values = {int(place.removeprefix("at_")): value for place, value in counts.items()}

    def volts(pin: int, conversion: int) -> float:
        return MIDDLE_V + COUNT_V * values.get(conversion, 0) if pin == chip.board.ecg.analog_input else 0.0

    chip.volts_at = volts


def asks(chip: NrfChip, command: str, seconds: float = 0.3) -> list[str]:
    """The lines that follow a command."""
    before = len(chip.lines)
    chip.send(f"{frame(command)}\n")
    chip.run(seconds)
    return chip.lines[before:]


def confirm(chip: NrfChip) -> None:
    """The button is held: for 30 s commands need no signature."""
    chip.pressed = True
    chip.run(3.1)
    chip.pressed = False


def broadcast(chip: NrfChip) -> None:
    """The owner gives it a key and has it broadcast."""
    assert asks(chip, f"provision {KEY.digits}", 1)[0] == "R provision ok"
    assert asks(chip, "session", 1)[0] == "R session ok 1 1"
    assert asks(chip, Signer(KEY, 1, 1).sign("broadcast on"), 1)[0] == "R broadcast ok"


def on_air(chip: NrfChip, folder: Path) -> list[dict[str, object]]:
    """Its packets, as a phone decodes them."""
    capture = folder / "on-air.txt"
    capture.write_text("\n".join(chip.on_air))
    return advertisements(str(capture))


def supply_mv(chip: NrfChip) -> int:
    """What it says of its supply."""
    (status,) = asks(chip, "status")
    words = status.split()
    return int(words[words.index("potassium") - 1])
