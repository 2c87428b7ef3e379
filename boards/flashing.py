"""How an image gets into a board's chip, and where a signed one lies."""

from typing import Annotated, Literal

from pydantic import model_validator

from splkit.boards.table import Address, Region, Table, Target, between


class ChipId(Table):
    """A word that every chip of this kind holds: `word & mask == value`, read before anything is erased."""

    address: Address
    value: Address
    mask: Address = (1 << 32) - 1


class Flashing(Table):
    """How an image gets into the chip: by a debug probe, or as a UF2 file onto the boot loader's drive.

    Attributes:
        target: pyOCD's name of the chip.
        chip_id: how a probe knows it.
        uf2_family: the family's number in UF2 files; a board without one takes none.
    """

    target: Target
    chip_id: ChipId
    uf2_family: Address | None = None


class Mcuboot(Table):
    """MCUboot's primary slot, for signed images: the image's header lies in front of the vectors."""

    slot: Region
    header_bytes: Annotated[
        int, between(256, 32768, "MCUboot's header, and the vectors behind it aligned", multiple_of=256)
    ]
    align: Literal[1, 2, 4, 8, 16, 32]

    @model_validator(mode="after")
    def _header_fits(self) -> "Mcuboot":
        if self.header_bytes >= self.slot.length:
            raise ValueError(
                f"a header of {self.header_bytes} bytes fills a slot of {self.slot.length} bytes"
            )
        return self
