"""The peripherals of the nRF52 and nRF53 series as their product specifications have them, for support.machine.

A setting that the chip takes and that is not what the board is for is refused, too: text at a rate that nobody
listens at, a sample of an input that no electrode is at, a packet that no phone takes.
"""

import re
from collections.abc import Callable
from pathlib import Path

from support.machine import SECOND, Machine
from support.nrf_radio import Radio

from splkit.boards import pin_number

LF_HZ = 32_768
RTC_MASK = 0xFF_FFFF
RC, XTAL = "RC", "XTAL"
PAGE = 4096
ERASED = 0xFFFF_FFFF
PAGE_MS = 85


class NrfChip:
    """An nRF52832, nRF52840 or nRF5340 on its board, with what is connected to it.

    Attributes:
        text: all that came out of the UART, as somebody at the board's rate reads it.
        volts_at: the voltage at an analog input, by its number and that of the conversion of such inputs.
        sampled_at: when each of those conversions was, in nanoseconds.
        supply_volts: what it runs on.
        has_crystal: whether each crystal is there, by its source's name.
        starts_twice: the crystal of 32 MHz tells twice that it runs (nRF52 anomaly 201).
        echoes: a compare triggers twice (nRF52 anomaly 179).
        on_air: packets, as tests/renode/ble.py reads them.
    """

    def __init__(self, folder: Path, board: str) -> None:
        self.machine = machine = Machine(folder, board)
        self.board = machine.board
        self.is_nrf53 = board == "nrf5340"
        self.text = ""
        self.volts_at: Callable[[int, int], float] = lambda _input, _conversion: 1.8
        self.sampled_at: list[int] = []
        self.supply_volts = 3.5
        self.has_crystal = {"fast": True, "slow": True}
        self.starts_twice = False
        self.echoes = False
        self.line_is_high = True
        self.cut_at = 0
        self.supply_fails_at: int | None = None
        self.high_pins: set[int] = set()
        self.flash = {page: [ERASED] * (PAGE // 4) for page in self._settings_pages()}
        self.erased_ms = dict.fromkeys(self.flash, 0)
        self.reasons = 0
        self._at_start()
        machine.on_reset.append(self._at_start)
        for set_up in (self._core, self._clock, self._power, self._rtc, self._saadc, self._uarte, self._gpio):
            set_up()
        for set_up in (self._watchdog, self._routing, self._nvmc, self._identity):
            set_up()
        self.radio = None if self.is_nrf53 else Radio(self)

    def run(self, seconds: float) -> None:
        """Let it run for so long."""
        self.machine.run(seconds)

    @property
    def lines(self) -> list[str]:
        """Whole lines so far, without their checksums."""
        return [line.rpartition("*")[0] for line in self.text.splitlines()]

    def _at_start(self) -> None:
        self.fast, self.slow, self.slow_source = "off", "off", RC
        self.rtc_began: int | None = None
        self.converting = False
        self.sending = False
        self.receives = False
        self.fed_at: int | None = None
        self.is_low = False
        self.flash_cache: dict[int, int] = {}
        self.synthesized = False
        self.high_pins.clear()

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
        if self.slow == "off" and (self.slow_source == RC or self.has_crystal["slow"] and self._has_pins()):
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

    def _power(self) -> None:
        machine, reasons = self.machine, "RESET_RESETREAS" if self.is_nrf53 else "POWER_RESETREAS"
        machine.on_read[reasons] = lambda _: self.reasons
        machine.on_write[reasons] = lambda _, value: setattr(self, "reasons", self.reasons & ~value)
        machine.on_reset.append(machine.values.clear)

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

    # Samples.

    def _saadc(self) -> None:
        self.task("SAADC_TASKS_START", self._start_saadc)
        self.task("SAADC_TASKS_SAMPLE", self._sample)
        self.interrupt(14 if self.is_nrf53 else 7, "SAADC", ("END", 0, 1))

    def _start_saadc(self) -> None:
        refuse = self.machine.refuse
        if self.value("SAADC_ENABLE") != 1:
            refuse("the SAADC is started while it is off")
        if [channel for channel in range(8) if self.value("SAADC_CH_PSELP", channel)] != [0]:
            refuse("several channels, or none: one that goes back from many may stop (anomaly 212)")
        if self.tacq_us() <= 5 and self.by_routing:
            refuse("STARTED does not come where TACQ is 5 us or less (anomaly 150)")
        if not self.machine.ram_holds(self.value("SAADC_RESULT_PTR"), 2) or not self.value(
            "SAADC_RESULT_MAXCNT"
        ):
            refuse("the SAADC has no place for its result in RAM")
        self.converting = True
        self.machine.after(3_000, lambda: self.raise_event("SAADC_EVENTS_STARTED"))

    def tacq_us(self) -> int:
        """How long the input is looked at."""
        return (3, 5, 10, 15, 20, 40)[self.field("SAADC_CH_CONFIG", "TACQ", 0)]

    def _sample(self) -> None:
        if not self.converting:
            self.machine.refuse("a sample is asked for before START")
        self.machine.after((self.tacq_us() + 2) * 1000, self._converted)

    def _converted(self) -> None:
        """Product Specification 6.23.2: V * gain / reference * 2^bits, single-ended."""
        config = lambda name: self.field("SAADC_CH_CONFIG", name, 0)  # noqa: E731 - a word for six lookups
        if config("MODE") or config("RESP") or config("RESN"):
            self.machine.refuse("an input by itself, without resistors, is what the board has")
        if self.tacq_us() < 10:
            self.machine.refuse("an amplifier's output is looked at for 10 us at least")
        source = self.value("SAADC_CH_PSELP", 0)
        if source == 9:
            volts = self.supply_volts
        else:
            volts = self.volts_at(source - 1, len(self.sampled_at))
            self.sampled_at.append(self.machine.now)
        gain = (1 / 6, 1 / 5, 1 / 4, 1 / 3, 1 / 2, 1, 2, 4)[config("GAIN")]
        reference = self.supply_volts / 4 if config("REFSEL") else 0.6
        bits = (8, 10, 12, 14)[self.value("SAADC_RESOLUTION")]
        code = min(max(round(volts * gain / reference * 2**bits), 0), 2**bits - 1)
        self.machine.uc.mem_write(self.value("SAADC_RESULT_PTR"), code.to_bytes(2, "little"))
        self.converting = False
        self.raise_event("SAADC_EVENTS_END")

    # Text.

    def _uarte(self) -> None:
        self.task("UARTE_TASKS_STARTTX", self._send)
        self.task("UARTE_TASKS_STOPTX", lambda: self.raise_event("UARTE_EVENTS_TXSTOPPED"))
        self.task("UARTE_TASKS_STARTRX", self._listen)
        self.task("UARTE_TASKS_STOPRX", self._stop_listening)
        self.machine.on_write["UARTE_ERRORSRC"] = lambda _, value: self.machine.values.update(
            {("UARTE_ERRORSRC", 0): 0 * value}
        )
        events = (("ENDRX", 0, 4), ("ENDTX", 0, 8), ("ERROR", 0, 9), ("RXTO", 0, 17), ("TXSTOPPED", 0, 22))
        self.interrupt(8 if self.is_nrf53 else 2, "UARTE", *events)

    def _needs_uarte(self, pin: str, register: str) -> None:
        if self.value("UARTE_ENABLE") != 8:
            self.machine.refuse("the UARTE is used while it is off")
        if self.value(register) != pin_number(self.board.pins[pin]):
            self.machine.refuse(f"{register} is not the board's {pin}")
        if not self.fast_is_exact():
            self.machine.refuse("a UART without the crystal of 32 MHz is too far off")
        if self.baud() != self.board.uart.baud:
            self.machine.refuse(f"{self.baud()} baud, where the board has {self.board.uart.baud}")

    def baud(self) -> int:
        """The rate, by Nordic's table of them."""
        for entries in self.machine.names.values():
            for name, _, register in entries:
                if name == "UARTE_BAUDRATE":
                    for word, value in register.fields["BAUDRATE"].values.items():
                        if value == self.value("UARTE_BAUDRATE"):
                            return int(re.sub(r"\D", "", word.replace("1M", "1000000")))
        return 0

    def _send(self) -> None:
        self._needs_uarte("uart.tx_pin", "UARTE_PSEL_TXD")
        pin = pin_number(self.board.pins["uart.tx_pin"])
        if self.value(f"P{pin // 32}_PIN_CNF", pin % 32) & 1 != 1 or pin not in self.high_pins:
            self.machine.refuse("the pin of the text is an output that idles high")
        start, size = self.value("UARTE_TXD_PTR"), self.value("UARTE_TXD_MAXCNT")
        if not size or not self.machine.ram_holds(start, size):
            self.machine.refuse("text comes out of RAM")
        if self.sending:
            self.machine.refuse("a stretch is sent before the last one has ended")
        self.sending = True
        text = bytes(self.machine.uc.mem_read(start, size)).decode("ascii")

        def sent() -> None:
            self.text += text
            self.sending = False
            self.raise_event("UARTE_EVENTS_ENDTX")

        self.machine.after(size * 10 * SECOND / self.baud(), sent)

    def _listen(self) -> None:
        self._needs_uarte("uart.rx_pin", "UARTE_PSEL_RXD")
        if not self.machine.ram_holds(self.value("UARTE_RXD_PTR"), 1) or not self.value("UARTE_RXD_MAXCNT"):
            self.machine.refuse("a character has no place in RAM")
        self.receives = True

    def _stop_listening(self) -> None:
        self.receives = False
        self.machine.after(400_000, lambda: self.raise_event("UARTE_EVENTS_RXTO"))

    def send(self, text: str) -> None:
        """Characters to the chip, one after the other; those that nobody listens to are lost."""
        for at, letter in enumerate(text):
            self.machine.after(
                (at + 1) * 10 * SECOND / self.board.uart.baud, lambda each=letter: self._arrive(each)
            )

    def _arrive(self, letter: str) -> None:
        if self.receives:
            self.receives = False
            self.machine.uc.mem_write(self.value("UARTE_RXD_PTR"), letter.encode("latin-1"))
            self.machine.values["UARTE_RXD_AMOUNT", 0] = 1
            self.raise_event("UARTE_EVENTS_ENDRX")

    # Pins.

    def _gpio(self) -> None:
        rx = pin_number(self.board.pins["uart.rx_pin"])
        port = f"P{rx // 32}"
        self.machine.on_read[f"{port}_IN"] = lambda _: self.line_is_high << rx % 32
        self.interrupt(13 if self.is_nrf53 else 6, "GPIOTE", ("PORT", 0, 31))

        def configured(index: int, value: int) -> None:
            if index != rx % 32:
                return
            if value & 1 or value >> 1 & 1 or value >> 2 & 3 != 1:
                self.machine.refuse("a line that nobody drives is an input with a pull-down")
            if value >> 16 & 3 == 2 and self.line_is_high:
                self.raise_event("GPIOTE_EVENTS_PORT")

        self.machine.on_write[f"{port}_PIN_CNF"] = configured
        for number in range(2):
            self.machine.on_write[f"P{number}_OUTSET"] = self._drives(number, self.high_pins.update)
            self.machine.on_write[f"P{number}_OUTCLR"] = self._drives(
                number, self.high_pins.difference_update
            )

    def _drives(self, port: int, change: Callable[[set[int]], None]) -> Callable[[int, int], None]:
        return lambda _index, value: change({32 * port + bit for bit in range(32) if value >> bit & 1})

    # Flash.

    def _settings_pages(self) -> list[int]:
        settings = self.board.memory.settings
        assert settings is not None
        return [settings.origin, settings.origin + PAGE]

    def _nvmc(self) -> None:
        machine = self.machine
        machine.on_read["NVMC_READY"] = lambda _: 1
        machine.on_write["NVMC_ERASEPAGE"] = lambda _, page: self._erase(page, PAGE_MS)
        machine.on_write["NVMC_ERASEPAGEPARTIAL"] = lambda _, page: self._erase(
            page, self.field("NVMC_ERASEPAGEPARTIALCFG", "DURATION")
        )
        machine.on_write["CACHE_INVALIDATE"] = lambda _, value: self.flash_cache.clear() if value else None
        for page in self.flash:
            machine.map_page(page)
            machine.pages[page] = (self._read_flash, self._write_flash)

    def _read_flash(self, address: int) -> int:
        page = address - address % PAGE
        value = self.flash[page][address % PAGE // 4]
        return self.flash_cache.setdefault(address, value) if self.is_nrf53 else value

    def _operation(self, mode: int) -> None:
        if self.value("NVMC_CONFIG") != mode:
            self.machine.refuse(f"an operation of the flash in mode {self.value('NVMC_CONFIG')}")
        if (
            self.board.name.startswith("nrf52")
            and self.board.chip == "nRF52840"
            and self.comparator_volts() is not None
        ):
            self.machine.refuse("a warning of the supply would now stop the core for good (anomaly 242)")

    def _write_flash(self, address: int, value: int) -> None:
        page = address - address % PAGE
        if self.is_nrf53 and self.value("NVMC_CONFIG") == 4:
            if value != ERASED or address != page:
                self.machine.refuse("a part of an erasure is ones to a page's first word")
            self._erase(page, self.field("NVMC_ERASEPAGEPARTIALCFG", "DURATION"))
            return
        self._operation(1)
        self.flash[page][address % PAGE // 4] &= value
        self.erased_ms[page] = 0

    def _erase(self, page: int, milliseconds: int) -> None:
        if page not in self.flash:
            self.machine.refuse(f"{page:#x} is no page of settings")
        self._operation(4 if self.is_nrf53 else 2)
        self.machine._pass(self.machine.now + milliseconds * 1_000_000)
        self.erased_ms[page] += milliseconds
        if self.erased_ms[page] >= PAGE_MS:
            self.flash[page][:] = [ERASED] * (PAGE // 4)

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
