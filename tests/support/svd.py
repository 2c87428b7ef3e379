"""Vendors' own descriptions of their chips, CMSIS-SVD files: registers, fields and enumerated values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import IO
from xml.etree import ElementTree
from xml.etree.ElementTree import Element


@dataclass(frozen=True)
class Field:
    """Bits of a register; `values` are the enumerated ones by name, none where any number may stand there."""

    offset: int
    width: int
    values: dict[str, int] = field(default_factory=dict)

    @property
    def mask(self) -> int:
        """Its bits, in place."""
        return ((1 << self.width) - 1) << self.offset


@dataclass(frozen=True)
class Register:
    """A register, or an array of them: `addresses` has each."""

    addresses: tuple[int, ...]
    fields: dict[str, Field]


@dataclass(frozen=True)
class Chip:
    """A chip by its vendor's names, in capitals: registers as PERIPHERAL_REGISTER, interrupts by number."""

    interrupts: dict[str, int]
    registers: dict[str, Register]


def read_svd(file: IO[bytes]) -> Chip:
    """A chip of a CMSIS-SVD file, arrays and clusters written out."""
    device = ElementTree.parse(file).getroot()
    elements = {_text(each, "name"): each for each in device.iter("peripheral")}
    chip = Chip({}, {})
    for name, element in elements.items():
        base = _number(element, "baseAddress")
        for interrupt in element.findall("interrupt"):
            chip.interrupts[_text(interrupt, "name").upper()] = _number(interrupt, "value")
        parent = elements.get(element.get("derivedFrom", ""))
        source = element if element.find("registers") is not None else parent
        registers = source.find("registers") if source is not None else None
        if registers is not None:
            for path, register in _registers(registers):
                moved = tuple(base + offset for offset in register.addresses)
                chip.registers[f"{name}_{path}".upper()] = replace(register, addresses=moved)
    return chip


def _registers(parent: Element) -> Iterator[tuple[str, Register]]:
    """Name and register of each, those of clusters by CLUSTER_REGISTER; addresses count from the parent."""
    for element in parent.findall("cluster"):
        for path, register in _registers(element):
            for name, offsets in _places(element):
                addresses = tuple(offset + each for offset in offsets for each in register.addresses)
                yield f"{name}_{path}", replace(register, addresses=addresses)
    for element in parent.findall("register"):
        fields = {name: bits for each in element.iter("field") for name, bits in _fields(each)}
        for name, offsets in _places(element):
            yield name, Register(tuple(offsets), fields)


def _places(element: Element) -> Iterator[tuple[str, list[int]]]:
    """Name and offsets of an element: an array is one name, a list of registers is a name each."""
    name, offset = _text(element, "name"), _number(element, "addressOffset")
    if element.find("dim") is None:
        yield name, [offset]
        return
    offsets = [offset + at * _number(element, "dimIncrement") for at in range(_number(element, "dim"))]
    if "[%s]" in name:
        yield name.replace("[%s]", ""), offsets
    else:
        for index, each in zip(_indices(element), offsets, strict=True):
            yield name.replace("%s", index), [each]


def _fields(element: Element) -> Iterator[tuple[str, Field]]:
    """Name and bits of a field, in the standard's three ways to say where it is."""
    name = _text(element, "name").upper()
    if (bits := element.findtext("bitRange")) is not None:
        highest, lowest = (int(each) for each in re.findall(r"\d+", bits))
    elif element.find("lsb") is not None:
        lowest, highest = _number(element, "lsb"), _number(element, "msb")
    else:
        lowest = _number(element, "bitOffset")
        highest = lowest + (_number(element, "bitWidth") if element.find("bitWidth") is not None else 1) - 1
    values = {
        _text(each, "name").upper(): _number(each, "value")
        for each in element.iter("enumeratedValue")
        if each.find("value") is not None
    }
    if element.find("dim") is None:
        yield name, Field(lowest, highest - lowest + 1, values)
    else:
        for at, index in enumerate(_indices(element)):
            start = lowest + at * _number(element, "dimIncrement")
            yield name.replace("%S", index), Field(start, highest - lowest + 1, values)


def _indices(element: Element) -> list[str]:
    """What stands for %s: numbers from 0 on where nothing is said."""
    said = element.findtext("dimIndex")
    if said is None:
        return [str(at) for at in range(_number(element, "dim"))]
    if "-" in said:
        first, last = said.split("-")
        return [str(at) for at in range(int(first), int(last) + 1)]
    return said.split(",")


def _text(element: Element, name: str) -> str:
    text = element.findtext(name)
    assert text is not None, f"{element.tag} has no {name}"
    return text


def _number(element: Element, name: str) -> int:
    text = _text(element, name).strip().replace("#", "0b")
    return int(text, 0) if not re.fullmatch(r"0\d+", text) else int(text)
