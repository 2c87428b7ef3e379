"""What a firmware's ELF says: its symbols, its sizes, the sizes of its types, and what is loaded where."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.elf.constants import P_FLAGS, SH_FLAGS
from elftools.elf.elffile import ELFFile

from splkit.errors import ToolError

THUMB_BIT = 1


@dataclass(frozen=True)
class Symbol:
    """A function or an object. `address` is where its first byte is, without the Thumb bit."""

    name: str
    address: int
    size: int
    is_function: bool


@dataclass(frozen=True)
class Segment:
    """What the loader puts at `address`: `data`, then zeros up to `size`. Flash is executable, RAM is not."""

    address: int
    size: int
    data: bytes
    executable: bool


class Elf:
    """A firmware's ELF, read once.

    Attributes:
        path: where it was read from.
        segments: all that is loaded, at the addresses it runs at.
        flash_bytes: code, constants and the initial values of variables.
        ram_bytes: variables, and the stack's reserve where the linker script has one.

    Raises:
        ToolError: not an ELF for Arm.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = ELFFile(BytesIO(path.read_bytes()))
            self._read(self._file)
        except (ELFError, OSError) as error:
            raise ToolError(
                "a firmware is an ELF file",
                found=f"{path}: {error or type(error).__name__}",
                next_step="build it (splkit build)",
            ) from error

    def _read(self, elf: Any) -> None:
        if elf["e_machine"] != "EM_ARM":
            raise ToolError(
                "a firmware's ELF is for Arm",
                found=f"{elf['e_machine']} in {self.path}",
                next_step="build it again",
            )
        self.segments = [
            Segment(
                header["p_vaddr"], header["p_memsz"], segment.data(), bool(header["p_flags"] & P_FLAGS.PF_X)
            )
            for segment in elf.iter_segments("PT_LOAD")
            if (header := segment.header)["p_memsz"] > 0
        ]
        allocated = [section for section in elf.iter_sections() if section["sh_flags"] & SH_FLAGS.SHF_ALLOC]
        self.flash_bytes = sum(each["sh_size"] for each in allocated if each["sh_type"] != "SHT_NOBITS")
        self.ram_bytes = sum(each["sh_size"] for each in allocated if each["sh_flags"] & SH_FLAGS.SHF_WRITE)
        entries = [entry for entry in elf.get_section_by_name(".symtab").iter_symbols() if entry.name]
        symbols = [_symbol(entry) for entry in entries if not entry.name.startswith("$")]
        self._data_marks = sorted(
            (entry["st_value"], entry.name.startswith("$d")) for entry in entries if entry.name[0] == "$"
        )
        self._by_name = {each.name: each for each in symbols}
        # Of several names for an address, the one that says how long the function is comes last, to be found.
        self._functions = sorted(
            (each for each in symbols if each.is_function), key=lambda each: (each.address, each.size)
        )
        self._starts = [each.address for each in self._functions]

    def symbol(self, name: str) -> Symbol:
        """The symbol called `name`.

        Raises:
            ToolError: the firmware does not have it.
        """
        if name not in self._by_name:
            raise ToolError(
                f"a firmware has the symbol {name}", found=f"none in {self.path}", next_step="export it again"
            )
        return self._by_name[name]

    def function_at(self, address: int) -> Symbol | None:
        """The function that the instruction at `address` belongs to, if any."""
        at = bisect_right(self._starts, address) - 1
        if at < 0:
            return None
        function = self._functions[at]
        return function if address < function.address + max(function.size, 1) else None

    def symbols(self) -> list[Symbol]:
        """All functions and objects that have a name."""
        return list(self._by_name.values())

    def functions(self, prefix: str) -> list[Symbol]:
        """The functions whose name starts with `prefix`, by address."""
        return [each for each in self._functions if each.name.startswith(prefix)]

    def halfwords(self, function: Symbol) -> dict[int, int]:
        """The halfwords of a function's code by address, without the constants that lie within it."""
        return {
            address: self.word(address, 2)
            for address in range(function.address, function.address + function.size, 2)
            if not self._is_data(address)
        }

    def _is_data(self, address: int) -> bool:
        """What the last mapping symbol says (ELF for the Arm Architecture, 5.5.5): $d data, $t Thumb code."""
        at = bisect_right(self._data_marks, (address, True)) - 1
        return at >= 0 and self._data_marks[at][1]

    def word(self, address: int, size: int = 4) -> int:
        """The little-endian word of `size` bytes that is loaded at `address`.

        Raises:
            ToolError: nothing is loaded there.
        """
        for segment in self.segments:
            if segment.address <= address <= segment.address + len(segment.data) - size:
                at = address - segment.address
                return int.from_bytes(segment.data[at : at + size], "little")
        raise ToolError(
            "a word is read where the ELF loads one",
            found=f"{address:#x} in {self.path}",
            next_step="build it again",
        )

    def type_size(self, name: str) -> int:
        """The size in bytes of the C type (typedef) called `name`, from the debug information.

        Raises:
            ToolError: there is no such type, or the ELF was stripped.
        """
        # Debug information takes longer to read than all the rest: no more of it than is needed.
        for found, size in _type_sizes(self._file):
            if found == name:
                return size
        raise ToolError(
            f"the debug information knows the type {name}",
            found=f"no such type in {self.path}",
            next_step="build with -g, and do not strip the ELF",
        )


def _symbol(entry: Any) -> Symbol:
    is_function = entry["st_info"]["type"] == "STT_FUNC"
    address = entry["st_value"] & ~THUMB_BIT if is_function else entry["st_value"]
    return Symbol(entry.name, address, entry["st_size"], is_function)


def _type_sizes(elf: Any) -> Iterator[tuple[str, int]]:
    """Typedefs of structures, by name, and their sizes."""
    if not elf.has_dwarf_info():
        return
    for unit in elf.get_dwarf_info().iter_CUs():
        for entry in unit.get_top_DIE().iter_children():
            if entry.tag != "DW_TAG_typedef" or not {"DW_AT_name", "DW_AT_type"} <= entry.attributes.keys():
                continue
            target = entry.get_DIE_from_attribute("DW_AT_type")
            if "DW_AT_byte_size" in target.attributes:
                yield (
                    entry.attributes["DW_AT_name"].value.decode(),
                    target.attributes["DW_AT_byte_size"].value,
                )
