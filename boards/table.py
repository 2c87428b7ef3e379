"""What the tables of a board.toml have in common, and runs of addresses."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

Address = Annotated[int, Field(ge=0, lt=1 << 32)]


class Table(BaseModel):
    """A table that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(Table):
    """A run of addresses: `origin <= address < end`."""

    origin: Address
    length: Annotated[int, Field(gt=0, le=1 << 32)]

    @property
    def end(self) -> int:
        """The first address behind the region."""
        return self.origin + self.length

    def overlaps(self, other: "Region") -> bool:
        """Whether an address belongs to both."""
        return self.origin < other.end and other.origin < self.end

    @model_validator(mode="after")
    def _ends_in_the_address_space(self) -> "Region":
        if self.end > 1 << 32:
            raise ValueError(f"a region ends within 32 bits, this one at {self.end:#x}")
        return self
