"""Writes the part of a vendor's SVD file that the drivers use as a table of tests/firmware/registers.

python tests/support/write_register_table.py nrf5340 nrf5340_application.svd "where it is from" > nrf5340.toml
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.chip_tables import SOURCES
from support.register_macros import Header
from support.svd import Chip, Field, Register, read_svd

_PIN = re.compile(r"PIN\d+|CH\d+LIMIT[HL]|TRIGGERED\d+")


def used(board: str, chip: Chip) -> list[str]:
    """The registers that the drivers name, as the vendor spells them; of ports and pins, each."""
    source, names = SOURCES[board], []
    for macro in Header(board).macros.values():
        if macro.is_register and macro.is_fact and not macro.name.startswith(("SCB_", "NVIC_", "ERRATUM_")):
            ours, _, rest = macro.name.partition("_")
            if ours == "GPIO":
                names += [f"{port}_{rest}" for port in source.ports]
            elif "_GPIO" in macro.name:
                names += [macro.name.replace("_GPIO", f"_GPIO{pin}") for pin in range(30)]
            else:
                names.append(f"{source.peripherals.get(ours, ours)}_{rest}")
    missing = [name for name in names if name not in chip.registers]
    assert not missing, f"not in the file: {missing}"
    return sorted(set(names), key=lambda name: chip.registers[name].addresses)


def line(name: str, register: Register) -> str:
    """One line of the table."""
    parts = [f"at = {register.addresses[0]:#010x}"]
    if len(register.addresses) > 1:
        parts.append(f"count = {len(register.addresses)}")
        parts.append(f"step = {register.addresses[1] - register.addresses[0]}")
    shown = {name: bits for name, bits in register.fields.items() if not _PIN.fullmatch(name)}
    if register.fields and not shown:
        shown = {"PINS": Field(0, 32)}
    fields = ", ".join(f"{name} = [{bits.offset}, {bits.width}]" for name, bits in shown.items())
    values = ", ".join(
        f"{name} = {{ {', '.join(f'{key} = {value:#x}' for key, value in bits.values.items())} }}"
        for name, bits in shown.items()
        if bits.values and "SET" not in bits.values and not name.endswith("OVER")
    )
    parts += [f"fields = {{ {fields} }}"] if fields else []
    parts += [f"values = {{ {values} }}"] if values else []
    return f"{name} = {{ {', '.join(parts)} }}"


def main() -> None:
    """The table on the standard output."""
    board, path, where = sys.argv[1:]
    with Path(path).open("rb") as file:
        chip = read_svd(file)
    interrupts = {each.removesuffix("_IRQ") for each in Header(board).macros if each.endswith("_IRQ")}
    known = {SOURCES[board].interrupts.get(each, each) for each in interrupts}
    print(
        f"# What the drivers use of this chip, out of its vendor's own description, by {Path(__file__).name}."
    )
    print(f'source = "{where}"\n\n[interrupts]')
    for name in sorted(known, key=chip.interrupts.__getitem__):
        print(f"{name} = {chip.interrupts[name]}")
    print("\n[registers]")
    for name in used(board, chip):
        print(line(name, chip.registers[name]))


if __name__ == "__main__":
    main()
