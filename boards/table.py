"""What the tables of a board.toml share: numbers with a range, text on one line, runs of addresses."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from splkit.escapes import is_printable

LONGEST_TEXT = 200
_NOT_IN_TEXT = ("\\", "*/", "/*", "??")
"""In a C comment: what continues the line, ends or nests the comment, or begins a trigraph."""


def between(low: float, high: float, why: str, **more: Any) -> Any:
    """The field of a number that lies from `low` to `high`; `why` says for what reason, in an error too."""
    return Field(ge=low, le=high, strict=True, description=why, **more)


def _one_line(text: str) -> str:
    if not all(map(is_printable, text)) or any(each in text for each in _NOT_IN_TEXT):
        raise ValueError(
            f"a text of a board goes into C comments and onto the terminal, without control characters and "
            f"{' '.join(_NOT_IN_TEXT)}; {text!a} has one"
        )
    return text


Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_TEXT), AfterValidator(_one_line)]
Chip = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
"""It becomes part of the C macro BOARD_CHIP_<name>."""
Target = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$", max_length=40)]
Address = Annotated[int, between(0, (1 << 32) - 1, "a Cortex-M has addresses of 32 bits")]


class Table(BaseModel):
    """A table that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Region(Table):
    """A run of addresses: `origin <= address < end`."""

    origin: Address
    length: Annotated[int, between(1, 1 << 32, "a Cortex-M has addresses of 32 bits")]

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
