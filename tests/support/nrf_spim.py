"""SPIM1 of the nRF52 series (nRF52840 Product Specification v1.7, 6.25) with one chip at its end."""

import re
from typing import TYPE_CHECKING

from support.machine import SECOND
from support.max30003 import Max30003

from splkit.boards import pin_number

if TYPE_CHECKING:
    from support.nrf_chip import NrfChip

INTERRUPT = 4
SENSE_LOW = 3
FASTEST_HZ = 12_000_000
"""That the MAX30003 takes (data sheet 19-100144 Rev 3, "Timing Characteristics")."""


class Spim:
    """EasyDMA both ways at once, in the time that the bits take."""

    def __init__(self, chip: "NrfChip") -> None:
        self.chip, self.machine = chip, chip.machine
        self.peer = Max30003(chip.machine, chip.board.ecg.fs_hz)
        self.pins = {
            line: pin_number(chip.board.pins[f"ecg.max30003.{line}_pin"])
            for line in ("sck", "mosi", "miso", "cs", "interrupt")
        }
        self.was_low = False
        self.peer.on_pin = self._pin_has_changed
        register = f"P{self.pins['interrupt'] // 32}_PIN_CNF"
        before = chip.machine.on_write.get(register, lambda _index, _value: None)

        def configured(index: int, value: int) -> None:
            before(index, value)
            self.was_low = False
            self._pin_has_changed()

        chip.machine.on_write[register] = configured
        chip.task("SPIM_TASKS_START", self._start)
        chip.interrupt(INTERRUPT, "SPIM", ("END", 0, 6))

    def selects(self, port: int, high_pins: set[int]) -> None:
        """The pins of a port have changed: the chip select is low while the chip is meant."""
        if self.pins["cs"] // 32 == port:
            self.peer.select(self.pins["cs"] not in high_pins)

    def configuration(self, line: str) -> int:
        """PIN_CNF of a line."""
        return self.chip.value(f"P{self.pins[line] // 32}_PIN_CNF", self.pins[line] % 32)

    def _pin_has_changed(self) -> None:
        """DETECT rises where a pin that is sensed for a low level gets low."""
        is_low = self.peer.pin_is_low and self.configuration("interrupt") >> 16 & 3 == SENSE_LOW
        if is_low and not self.was_low:
            self.chip.raise_event("GPIOTE_EVENTS_PORT")
        self.was_low = is_low

    def rate_hz(self) -> int:
        """The rate, by Nordic's table of them; 0 for none of it."""
        field = self.chip.fields["SPIM_FREQUENCY", 0]["FREQUENCY"]
        for word, value in field.values.items():
            if value == self.chip.value("SPIM_FREQUENCY"):
                return int(re.sub(r"\D", "", word)) * (1_000 if word.startswith("K") else 1_000_000)
        return 0

    def _start(self) -> None:
        value, refuse = self.chip.value, self.machine.refuse
        if value("SPIM_ENABLE") != 7:
            refuse("the SPIM is used while it is off")
        for line in ("sck", "mosi", "miso"):
            if value(f"SPIM_PSEL_{line.upper()}") != self.pins[line]:
                refuse(f"SPIM_PSEL_{line.upper()} is not the board's pin")
        if [self.configuration(line) & 1 for line in ("sck", "mosi", "miso", "cs")] != [1, 1, 0, 1]:
            refuse("a pin of the SPIM has the wrong direction")
        if not 0 < self.rate_hz() <= FASTEST_HZ:
            refuse("a rate that the two chips do not share")
        source, target = value("SPIM_TXD_PTR"), value("SPIM_RXD_PTR")
        size = value("SPIM_TXD_MAXCNT")
        if not size or size != value("SPIM_RXD_MAXCNT"):
            refuse("as many bytes are received as are sent")
        if not self.machine.ram_holds(source, size) or not self.machine.ram_holds(target, size):
            refuse("EasyDMA reaches the RAM alone")
        sent = bytes(self.machine.uc.mem_read(source, size))
        self.machine.after(size * 8 * SECOND / max(self.rate_hz(), 1), lambda: self._end(sent, target))

    def _end(self, sent: bytes, to: int) -> None:
        self.machine.uc.mem_write(to, bytes(self.peer.exchange(each) for each in sent))
        self.chip.raise_event("SPIM_EVENTS_END")
