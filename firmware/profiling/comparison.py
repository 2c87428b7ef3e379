"""Two exports side by side: their profiles, and the ratios between them."""

from pydantic import BaseModel, ConfigDict

from splkit.firmware.profiling.figures import Profile

FIGURES = (
    "instructions",
    "flash_bytes",
    "ram_bytes",
    "stack_bytes",
    "arena_bytes",
    "stack_bound_bytes",
    "firmware_flash_bytes",
    "firmware_ram_bytes",
)
"""The totals that are compared."""


class Comparison(BaseModel):
    """Profiles of two exported folders.

    Attributes:
        first: of the folder.
        second: of the other one.
        ratios: second over first, by figure; without those that are 0 in the first.
        layer_ratios: the same of the instructions of layers that both have.
    """

    model_config = ConfigDict(frozen=True)

    first: Profile
    second: Profile
    ratios: dict[str, float]
    layer_ratios: dict[str, float]


def compare(first: Profile, second: Profile) -> Comparison:
    """Second over first, figure by figure and layer by layer."""
    return Comparison(
        first=first,
        second=second,
        ratios=_ratios(_totals(first), _totals(second)),
        layer_ratios=_ratios(_by_layer(first), _by_layer(second)),
    )


def _totals(profile: Profile) -> dict[str, int]:
    figures = {name: getattr(profile, name) for name in FIGURES}
    return {name: value for name, value in figures.items() if value is not None}


def _by_layer(profile: Profile) -> dict[str, int]:
    return {layer.name: layer.instructions for layer in profile.layers}


def _ratios(first: dict[str, int], second: dict[str, int]) -> dict[str, float]:
    return {name: second[name] / value for name, value in first.items() if value and name in second}
