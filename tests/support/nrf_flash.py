"""The NVMC and the pages of settings (nRF52840 Product Specification v1.7, 4.3; nRF5340 v1.4, 7.22)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.nrf_chip import NrfChip

PAGE = 4096
ERASED = 0xFFFF_FFFF
PAGE_MS = 85


class Flash:
    """Two pages, which outlive every reset."""

    def __init__(self, chip: "NrfChip") -> None:
        self.chip, self.machine = chip, chip.machine
        self.flash = {page: [ERASED] * (PAGE // 4) for page in self._settings_pages()}
        self.erased_ms = dict.fromkeys(self.flash, 0)
        self.flash_cache: dict[int, int] = {}
        chip.machine.on_reset.append(self.flash_cache.clear)
        self._nvmc()

    def _settings_pages(self) -> list[int]:
        settings = self.chip.board.memory.settings
        assert settings is not None
        return [settings.origin, settings.origin + PAGE]

    def _nvmc(self) -> None:
        machine = self.machine
        machine.on_read["NVMC_READY"] = lambda _: 1
        machine.on_write["NVMC_ERASEPAGE"] = lambda _, page: self._erase(page, PAGE_MS)
        machine.on_write["NVMC_ERASEPAGEPARTIAL"] = lambda _, page: self._erase(
            page, self.chip.field("NVMC_ERASEPAGEPARTIALCFG", "DURATION")
        )
        machine.on_write["CACHE_INVALIDATE"] = lambda _, value: self.flash_cache.clear() if value else None
        for page in self.flash:
            machine.map_page(page)
            machine.pages[page] = (self._read_flash, self._write_flash)

    def _read_flash(self, address: int) -> int:
        page = address - address % PAGE
        value = self.flash[page][address % PAGE // 4]
        return self.flash_cache.setdefault(address, value) if self.chip.is_nrf53 else value

    def _operation(self, mode: int) -> None:
        if self.chip.value("NVMC_CONFIG") != mode:
            self.machine.refuse(f"an operation of the flash in mode {self.chip.value('NVMC_CONFIG')}")
        if (
            self.chip.board.name.startswith("nrf52")
            and self.chip.board.chip == "nRF52840"
            and self.chip.comparator_volts() is not None
        ):
            self.machine.refuse("a warning of the supply would now stop the core for good (anomaly 242)")

    def _write_flash(self, address: int, value: int) -> None:
        page = address - address % PAGE
        if self.chip.is_nrf53 and self.chip.value("NVMC_CONFIG") == 4:
            if value != ERASED or address != page:
                self.machine.refuse("a part of an erasure is ones to a page's first word")
            self._erase(page, self.chip.field("NVMC_ERASEPAGEPARTIALCFG", "DURATION"))
            return
        self._operation(1)
        self.flash[page][address % PAGE // 4] &= value
        self.erased_ms[page] = 0

    def _erase(self, page: int, milliseconds: int) -> None:
        if page not in self.flash:
            self.machine.refuse(f"{page:#x} is no page of settings")
        self._operation(4 if self.chip.is_nrf53 else 2)
        self.machine._pass(self.machine.now + milliseconds * 1_000_000)
        self.erased_ms[page] += milliseconds
        if self.erased_ms[page] >= PAGE_MS:
            self.flash[page][:] = [ERASED] * (PAGE // 4)
