"""UARTE and pins of the nRF52 and nRF53 series (nRF52840 Product Specification v1.7, 6.9 and 6.34)."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from support.machine import SECOND

from splkit.boards import pin_number

if TYPE_CHECKING:
    from support.nrf_chip import NrfChip


PULLDOWN, PULLUP = 1, 3


class Wire:
    """What leaves gets into `NrfChip.text`, at the rate of whoever reads it."""

    def __init__(self, chip: "NrfChip") -> None:
        self.chip, self.machine = chip, chip.machine
        self.high_pins: set[int] = set()
        self._at_start()
        chip.machine.on_reset.append(self._at_start)
        self._uarte()
        self._gpio()

    def _at_start(self) -> None:
        self.sending = False
        self.receives = False
        self.high_pins.clear()

    def _uarte(self) -> None:
        self.chip.task("UARTE_TASKS_STARTTX", self._send)
        self.chip.task("UARTE_TASKS_STOPTX", lambda: self.chip.raise_event("UARTE_EVENTS_TXSTOPPED"))
        self.chip.task("UARTE_TASKS_STARTRX", self._listen)
        self.chip.task("UARTE_TASKS_STOPRX", self._stop_listening)
        self.machine.on_write["UARTE_ERRORSRC"] = lambda _, value: self.machine.values.update(
            {("UARTE_ERRORSRC", 0): 0 * value}
        )
        events = (("ENDRX", 0, 4), ("ENDTX", 0, 8), ("ERROR", 0, 9), ("RXTO", 0, 17), ("TXSTOPPED", 0, 22))
        self.chip.interrupt(8 if self.chip.is_nrf53 else 2, "UARTE", *events)

    def _needs_uarte(self, pin: str, register: str) -> None:
        if self.chip.value("UARTE_ENABLE") != 8:
            self.machine.refuse("the UARTE is used while it is off")
        if self.chip.value(register) != pin_number(self.chip.board.pins[pin]):
            self.machine.refuse(f"{register} is not the board's {pin}")
        if not self.chip.fast_is_exact():
            self.machine.refuse("a UART without the crystal of 32 MHz is too far off")
        if self.baud() != self.chip.board.uart.baud:
            self.machine.refuse(f"{self.baud()} baud, where the board has {self.chip.board.uart.baud}")

    def baud(self) -> int:
        """The rate, by Nordic's table of them."""
        for entries in self.machine.names.values():
            for name, _, register in entries:
                if name == "UARTE_BAUDRATE":
                    for word, value in register.fields["BAUDRATE"].values.items():
                        if value == self.chip.value("UARTE_BAUDRATE"):
                            return int(re.sub(r"\D", "", word.replace("1M", "1000000")))
        return 0

    def _send(self) -> None:
        self._needs_uarte("uart.tx_pin", "UARTE_PSEL_TXD")
        pin = pin_number(self.chip.board.pins["uart.tx_pin"])
        if self.chip.value(f"P{pin // 32}_PIN_CNF", pin % 32) & 1 != 1 or pin not in self.high_pins:
            self.machine.refuse("the pin of the text is an output that idles high")
        start, size = self.chip.value("UARTE_TXD_PTR"), self.chip.value("UARTE_TXD_MAXCNT")
        if not size or not self.machine.ram_holds(start, size):
            self.machine.refuse("text comes out of RAM")
        if self.sending:
            self.machine.refuse("a stretch is sent before the last one has ended")
        self.sending = True
        text = bytes(self.machine.uc.mem_read(start, size)).decode("ascii")

        def sent() -> None:
            self.chip.text += text
            self.sending = False
            if self.chip.stops_unasked:
                self.chip.raise_event("UARTE_EVENTS_TXSTOPPED")
            self.chip.raise_event("UARTE_EVENTS_ENDTX")

        self.machine.after(size * 10 * SECOND / self.baud(), sent)

    def _listen(self) -> None:
        self._needs_uarte("uart.rx_pin", "UARTE_PSEL_RXD")
        if not self.machine.ram_holds(self.chip.value("UARTE_RXD_PTR"), 1) or not self.chip.value(
            "UARTE_RXD_MAXCNT"
        ):
            self.machine.refuse("a character has no place in RAM")
        self.receives = True

    def _stop_listening(self) -> None:
        self.receives = False
        self.machine.after(400_000, lambda: self.chip.raise_event("UARTE_EVENTS_RXTO"))

    def send(self, text: str) -> None:
        """Characters to the chip, one after the other; those that nobody listens to are lost."""
        for at, letter in enumerate(text):
            self.machine.after(
                (at + 1) * 10 * SECOND / self.chip.board.uart.baud, lambda each=letter: self._arrive(each)
            )

    def _arrive(self, letter: str) -> None:
        if self.receives:
            self.receives = False
            self.machine.uc.mem_write(self.chip.value("UARTE_RXD_PTR"), letter.encode("latin-1"))
            self.machine.values["UARTE_RXD_AMOUNT", 0] = 1
            self.chip.raise_event("UARTE_EVENTS_ENDRX")

    def _levels(self, port: int) -> int:
        """What a port's pins read: the line of text, and pins that the outside drives."""
        pins = self.chip.board.pins
        driven = {
            "uart.rx_pin": (PULLDOWN, self.chip.line_is_high),
            "inputs.acknowledge_pin": (PULLUP, not self.chip.pressed),
            "ecg.lead_off_plus_pin": (PULLDOWN, self.chip.plus_is_off),
            "ecg.lead_off_minus_pin": (PULLDOWN, self.chip.minus_is_off),
        }
        if self.chip.spim is not None:
            driven["ecg.max30003.interrupt_pin"] = (0, not self.chip.spim.peer.pin_is_low)
        levels = 0
        for use, (pull, is_high) in driven.items():
            number = pin_number(pins[use]) if use in pins else -1
            if number // 32 != port:
                continue
            if self.chip.value(f"P{port}_PIN_CNF", number % 32) & 0xF != pull << 2:
                self.machine.refuse(f"{use} is read, and is no input with its pull")
            levels |= is_high << number % 32
        return levels

    def _gpio(self) -> None:
        rx = pin_number(self.chip.board.pins["uart.rx_pin"])
        port = f"P{rx // 32}"
        for number in range(2):
            self.machine.on_read[f"P{number}_IN"] = lambda _, number=number: self._levels(number)
        self.chip.interrupt(13 if self.chip.is_nrf53 else 6, "GPIOTE", ("PORT", 0, 31))

        def configured(index: int, value: int) -> None:
            if index != rx % 32:
                return
            if value & 1 or value >> 1 & 1 or value >> 2 & 3 != 1:
                self.machine.refuse("a line that nobody drives is an input with a pull-down")
            if value >> 16 & 3 == 2 and self.chip.line_is_high:
                self.chip.raise_event("GPIOTE_EVENTS_PORT")

        self.machine.on_write[f"{port}_PIN_CNF"] = configured
        for number in range(2):
            self.machine.on_write[f"P{number}_OUTSET"] = self._drives(number, self.high_pins.update)
            self.machine.on_write[f"P{number}_OUTCLR"] = self._drives(
                number, self.high_pins.difference_update
            )

    def _drives(self, port: int, change: Callable[[set[int]], None]) -> Callable[[int, int], None]:
        def drive(_index: int, value: int) -> None:
            change({32 * port + bit for bit in range(32) if value >> bit & 1})
            if self.chip.spim is not None:
                self.chip.spim.selects(port, self.high_pins)

        return drive
