"""The nRF52 and nRF53 series as their product specifications have them, on support.machine.

A setting that the chip takes, but that is not what the board is for, is refused, too: text at a rate that
nobody listens at, for one.
"""

from collections.abc import Callable
from pathlib import Path

from support.machine import SECOND, Machine
from support.nrf_converter import Converter
from support.nrf_flash import Flash
from support.nrf_radio import Radio
from support.nrf_spim import Spim
from support.nrf_wire import Wire

from splkit.boards import Board

LF_HZ = 32_768
RTC_MASK = 0xFF_FFFF
RC, XTAL = "RC", "XTAL"
ERASED = 0xFFFF_FFFF


class NrfChip:
    """An nRF52832, nRF52840 or nRF5340 on its board, with what is connected to it.

    Attributes:
        text: all that came out of the UART, as somebody at the board's rate reads it.
        volts_at: the voltage at an analog input, by its number and that of the conversion of such inputs.
        sampled_at: when each of those conversions was, in nanoseconds.
        supply_volts: what it runs on.
        vddh_volts: what its high-voltage regulator runs on, where there is one.
        has_crystal: whether each crystal is there, by its source's name.
        starts_twice: the crystal of 32 MHz tells twice that it runs (nRF52 anomaly 201).
        echoes: a compare triggers twice (nRF52 anomaly 179).
        stops_unasked: the UARTE tells of a stop after each stretch, as Renode's own does.
        on_air: packets, as tests/renode/ble.py reads them.
    """

    def __init__(self, folder: Path, board: str | Board) -> None:
        self.machine = machine = Machine(folder, board)
        self.board = machine.board
        self.is_nrf53 = self.board.family == "nrf53"
        self.text = ""
        self.volts_at: Callable[[int, int], float] = lambda _input, _conversion: 1.8
        self.sampled_at: list[int] = []
        self.supply_volts = 3.5
        self.vddh_volts = 0.0
        self.has_crystal = {"fast": True, "slow": True}
        self.starts_twice = False
        self.echoes = self.stops_unasked = False
        self.line_is_high = True
        self.pressed = self.plus_is_off = self.minus_is_off = False
        self.reasons = 0
        self._at_start()
        machine.on_reset.append(self._at_start)
        for set_up in (self._core, self._clock, self._power, self._rtc, self._watchdog, self._routing):
            set_up()
        self._identity()
        Converter(self)
        self._wire = Wire(self)
        self.spim = Spim(self) if self.board.ecg.max30003 else None
        Flash(self)
        self.radio = None if self.is_nrf53 else Radio(self)

    def send(self, text: str) -> None:
        """Characters to the chip, one after the other; those that nobody listens to are lost."""
        self._wire.send(text)

    def run(self, seconds: float) -> None:
        """Let it run for so long."""
        self.machine.run(seconds)

    @property
    def lines(self) -> list[str]:
        """Whole lines so far, without their checksums."""
        return [line.rpartition("*")[0] for line in self.text.splitlines()]

    def _at_start(self) -> None:
        self.fast, self.slow, self.slow_source = "off", "off", RC
        self.rests_since = self.machine.now
        self.rtc_began: int | None = None
        self.fed_at: int | None = None
        self.synthesized = False

    # What all peripherals share.

    def value(self, name: str, index: int = 0) -> int:
        """A register's value."""
        return self.machine.values[name, index]

    def field(self, register: str, name: str, index: int = 0) -> int:
        """The value of a register's field."""
        bits = self.fields[register, index][name]
        return self.value(register, index) >> bits.offset & (1 << bits.width) - 1

    def raise_event(self, name: str, index: int = 0) -> None:
        """An event, to the interrupt and to what listens."""
        self.machine.values[name, index] = 1
        self.route(name, index)

    def interrupt(self, number: int, peripheral: str, *events: tuple[str, int, int]) -> None:
        """The line of a peripheral's interrupt: name of an event, its place, its bit."""
        self.machine.lines[number] = lambda: any(
            self.value(f"{peripheral}_EVENTS_{name}", at) and self.inten.get(peripheral, 0) >> bit & 1
            for name, at, bit in events
        )

    def _core(self) -> None:
        machine = self.machine
        self.inten: dict[str, int] = {}

        def enable(_index: int, value: int) -> None:
            machine.enabled |= {bit for bit in range(32) if value >> bit & 1}

        def reset_by(_index: int, value: int) -> None:
            if value == 0x05FA_0004:
                self.reasons |= 8 if self.is_nrf53 else 4
                machine.reset()

        machine.on_write["NVIC_ISER"] = enable
        machine.on_write["SCB_AIRCR"] = reset_by
        for peripheral in ("CLOCK", "POWER", "UARTE", "SAADC", "RTC", "GPIOTE", "WDT", "RADIO", "SPIM"):
            machine.on_write[f"{peripheral}_INTENSET"] = self._sets(peripheral)
        machine.on_reset.append(self.inten.clear)

    def _sets(self, peripheral: str) -> Callable[[int, int], None]:
        def set_bits(_index: int, value: int) -> None:
            self.inten[peripheral] = self.inten.get(peripheral, 0) | value

        return set_bits

    def task(self, name: str, action: Callable[[], None]) -> None:
        """What writing 1 to a task does."""
        self.machine.on_write[name] = lambda _index, value: action() if value == 1 else None

    # Clocks and supply.

    def _clock(self) -> None:
        self.task("CLOCK_TASKS_HFCLKSTART", self._start_fast)
        self.task("CLOCK_TASKS_HFCLKSTOP", lambda: setattr(self, "fast", "off"))
        self.task("CLOCK_TASKS_LFCLKSTART", self._start_slow)
        self.task("CLOCK_TASKS_LFCLKSTOP", self._stop_slow)
        self.machine.on_write["CLOCK_LFCLKSRC"] = self._choose_slow
        self.machine.on_read["CLOCK_LFCLKSTAT"] = lambda _: (self.slow != "off") << 16
        self.interrupt(5 if self.is_nrf53 else 0, "CLOCK", ("HFCLKSTARTED", 0, 0), ("LFCLKSTARTED", 0, 1))
        both = self.machine.lines[5 if self.is_nrf53 else 0]
        self.machine.lines[5 if self.is_nrf53 else 0] = lambda: (
            both() or bool(self.value("POWER_EVENTS_POFWARN") and self.inten.get("POWER", 0) >> 2 & 1)
        )

    def _start_fast(self) -> None:
        if self.fast == "off" and self.has_crystal["fast"]:
            self.fast = "starting"
            self.machine.after(360_000, self._fast_runs)

    def _fast_runs(self) -> None:
        if self.fast == "starting":
            self.fast = "runs"
            self.raise_event("CLOCK_EVENTS_HFCLKSTARTED")
            if self.starts_twice:
                self.machine.after(60_000, lambda: self.raise_event("CLOCK_EVENTS_HFCLKSTARTED"))

    def fast_is_exact(self) -> bool:
        """Whether the crystal of 32 MHz runs, or there is none at all."""
        return self.fast == "runs" or not self.has_crystal["fast"]

    def _choose_slow(self, _index: int, value: int) -> None:
        if self.slow != "off":
            self.machine.refuse("LFCLKSRC is written while a source runs")
        crystal = 2 if self.is_nrf53 else 1
        if value != crystal and self.has_crystal["slow"] and not self.stuck_calibration:
            self.machine.refuse("the RTC is to run from the crystal of 32.768 kHz, which is there")
        self.slow_source = XTAL if value == crystal else RC
        self.synthesized = self.synthesized or value == 3

    stuck_calibration = False

    def _start_slow(self) -> None:
        rested = self.machine.now - self.rests_since
        if self.value(self.dcdc) != self.board.supply.dcdc:
            self.machine.refuse("the DC/DC converter is not as the board has it")
        if self.board.chip == "nRF52832" and self.slow_source == RC and rested < 400_000:
            self.machine.refuse("an RC oscillator that has not rested may not start (anomaly 132)")
        if self.slow == "off" and (self.slow_source == RC or (self.has_crystal["slow"] and self._has_pins())):
            self.slow = "starting"
            self.machine.after(
                250_000_000 if self.slow_source == XTAL else 600_000,
                lambda: (setattr(self, "slow", "runs"), self.raise_event("CLOCK_EVENTS_LFCLKSTARTED")),
            )
        elif self.slow == "off":
            self.slow = "starting"

    def _has_pins(self) -> bool:
        """The nRF5340's crystal has its pins only when they are given to it."""
        return not self.is_nrf53 or all(self.field("P0_PIN_CNF", "MCUSEL", pin) == 3 for pin in (0, 1))

    def _stop_slow(self) -> None:
        if self.slow != "off":
            self.machine.after(60_000, lambda: setattr(self, "slow", "off"))
        self.rests_since = self.machine.now

    def _power(self) -> None:
        machine, reasons = self.machine, "RESET_RESETREAS" if self.is_nrf53 else "POWER_RESETREAS"
        machine.on_read[reasons] = lambda _: self.reasons
        machine.on_write[reasons] = lambda _, value: setattr(self, "reasons", self.reasons & ~value)
        machine.on_reset.append(machine.values.clear)
        self.dcdc = "REGULATORS_VREGMAIN_DCDCEN" if self.is_nrf53 else "POWER_DCDCEN"
        machine.on_write["POWER_DCDCEN0"] = lambda _index, value: (
            machine.refuse("the high-voltage regulator has no inductor") if value else None
        )
        machine.on_write[self.dcdc] = lambda _index, value: (
            machine.refuse("a DC/DC converter without its inductor ends the supply")
            if value and not self.board.supply.dcdc
            else None
        )

    def comparator_volts(self) -> float | None:
        """Where the power-fail comparator warns; None while it is off."""
        register = "REGULATORS_POFCON" if self.is_nrf53 else "POWER_POFCON"
        if not self.field(register, "POF"):
            return None
        return 1.7 + 0.1 * (self.field(register, "THRESHOLD") - 4)

    def dip(self, volts: float) -> None:
        """The supply falls so far for a moment."""
        limit = self.comparator_volts()
        if limit is not None and volts < limit:
            self.raise_event("POWER_EVENTS_POFWARN")

    # Time.

    def _rtc(self) -> None:
        machine = self.machine
        self.task("RTC_TASKS_START", self._start_rtc)
        machine.on_read["RTC_COUNTER"] = lambda _: self.counter() & RTC_MASK
        machine.on_write["RTC_CC"] = self._compare
        for name in ("RTC_COUNTER", "RTC_CC", "RTC_EVTENSET", "RTC_INTENSET"):
            self._only_with_slow_clock(name)
        events = tuple(("COMPARE", at, 16 + at) for at in range(4))
        self.interrupt(21 if self.is_nrf53 else 17, "RTC", *events)

    def _only_with_slow_clock(self, name: str) -> None:
        """Anomaly 20: an RTC whose clock does not run has registers of any value."""
        read, write = self.machine.on_read.get(name), self.machine.on_write.get(name)

        def check() -> None:
            if self.slow != "runs":
                self.machine.refuse(f"{name} while its clock does not run (anomaly 20)")

        if read is not None:
            self.machine.on_read[name] = lambda index: (check(), read(index))[1]
        if write is not None:
            self.machine.on_write[name] = lambda index, value: (check(), write(index, value))[1]

    def _start_rtc(self) -> None:
        if self.slow != "runs":
            self.machine.refuse("the RTC starts without its clock")
        self.rtc_began = self.machine.now

    def counter(self) -> int:
        """Ticks since the RTC began."""
        return 0 if self.rtc_began is None else (self.machine.now - self.rtc_began) * LF_HZ // SECOND

    def _compare(self, index: int, value: int) -> None:
        now = self.counter()
        ahead = (value - now) & RTC_MASK
        if ahead < 2:
            self.machine.refuse("a compare less than two ticks ahead may be missed")
        assert self.rtc_began is not None
        when = self.rtc_began + -(-(now + ahead) * SECOND // LF_HZ)
        self.machine.after(when - self.machine.now, lambda: self._match(index, value))

    def _match(self, index: int, value: int) -> None:
        if self.value("RTC_CC", index) != value:
            return
        self.machine.values["RTC_EVENTS_COMPARE", index] = 1
        if self.value("RTC_EVTENSET") >> (16 + index) & 1:
            self.route("RTC_EVENTS_COMPARE", index)
            if self.echoes:
                self.machine.after(40_000, lambda: self.route("RTC_EVENTS_COMPARE", index))

    def _watchdog(self) -> None:
        machine = self.machine
        self.task("WDT_TASKS_START", self._start_watchdog)
        machine.on_write["WDT_RR"] = self._feed
        machine.last_words.add(24 if self.is_nrf53 else 16)
        machine.lines[24 if self.is_nrf53 else 16] = lambda: bool(
            self.value("WDT_EVENTS_TIMEOUT") and self.inten.get("WDT", 0) & 1
        )

    def _start_watchdog(self) -> None:
        if not self.field("WDT_CONFIG", "SLEEP") or self.field("WDT_CONFIG", "HALT"):
            self.machine.refuse("the watchdog is to run in a sleep, and to wait for a debugger")
        if self.value("WDT_RREN") != 1:
            self.machine.refuse("the watchdog is fed by one register, RR[0]")
        self._feed(0, 0x6E52_4635)

    def _feed(self, index: int, _value: int) -> None:
        if index != 0:
            self.machine.refuse("a watchdog's register that is not asked for")
        self.fed_at = fed_at = self.machine.now
        period = (self.value("WDT_CRV") + 1) * SECOND // LF_HZ

        def bark() -> None:
            if self.fed_at == fed_at:
                self.machine.values["WDT_EVENTS_TIMEOUT", 0] = 1
                self.machine.after(2 * SECOND // LF_HZ, bite)

        def bite() -> None:
            self.reasons |= 2
            self.machine.reset()

        self.machine.after(period, bark)

    # Events to tasks.

    def _routing(self) -> None:
        addresses: dict[tuple[str, int], int] = {}
        for address, entries in self.machine.names.items():
            for name, index, _ in entries:
                addresses[name, index] = address
        self.addresses = addresses
        self.fields = {
            (name, index): register.fields
            for entries in self.machine.names.values()
            for name, index, register in entries
        }

    def route(self, name: str, index: int) -> None:
        """What PPI or DPPI make of an event."""
        if self.is_nrf53:
            publish = name.replace("_EVENTS_", "_PUBLISH_")
            channel = self.value(publish, index)
            if channel >> 31 and self.value("DPPIC_CHENSET") >> (channel & 0xFF) & 1:
                for (subscribed, at), value in list(self.machine.values.items()):
                    if "_SUBSCRIBE_" in subscribed and value >> 31 and value & 0xFF == channel & 0xFF:
                        self._trigger(subscribed.replace("_SUBSCRIBE_", "_TASKS_"), at)
            return
        for channel in range(20):
            enabled = self.value("PPI_CHENSET") >> channel & 1
            if enabled and self.value("PPI_CH_EEP", channel) == self.addresses[name, index]:
                (task, at, _) = self.machine.names[self.value("PPI_CH_TEP", channel)][0]
                self._trigger(task, at)

    def _trigger(self, task: str, index: int) -> None:
        self.by_routing = True
        self.machine.on_write[task](index, 1)
        self.by_routing = False

    by_routing = False

    # What production has written.

    def _identity(self) -> None:
        known = {
            ("FICR_DEVICEADDR", 0): 0x1234_5678,
            ("FICR_DEVICEADDR", 1): 0x9ABC,
            ("FICR_DEVICEADDRTYPE", 0): 1,
        }
        known |= {
            ("UICR_APPROTECT", 0): 0x5A,
            ("ERRATUM_31_FROM", 0): 0x0000_A123,
            ("ERRATUM_108_FROM", 0): 0xFF,
        }
        known |= {("ERRATUM_182_REVISION", 0): 0x60, ("ERRATUM_REVISION", 0): 5}
        self.fixed = known
        for (name, _index), _value in known.items():
            self.machine.on_read[name] = lambda index, name=name: self.fixed[name, index]
        self.trimming = [(0x5000_4730, 0x11), (0x5000_4734, 0x22)]
        self.machine.unnamed |= dict.fromkeys((address for address, _ in self.trimming), None)
        entries = [each for pair in self.trimming for each in pair] + [ERASED]
        self.machine.on_read["FICR_TRIMCNF_ADDR"] = lambda at: entries[min(2 * at, len(entries) - 1)]
        self.machine.on_read["FICR_TRIMCNF_DATA"] = lambda at: entries[2 * at + 1]
