"""What a chip has, as far as a board may ask for it: converter inputs, pins that are taken, supplies."""

from dataclasses import dataclass, field

NFC = "NFC's antenna, until its UICR says otherwise"
CRYSTAL = "the crystal of 32.768 kHz"


@dataclass(frozen=True)
class ChipFacts:
    """Facts of its data sheet.

    Attributes:
        analog_inputs: of its converter, and the pins that they are at.
        taken_pins: pins that are used for something else, and for what.
        has_vddh: it has a regulator in front of its own, whose input VDDH can be measured.
        source: the document.
    """

    analog_inputs: dict[int, str]
    source: str
    taken_pins: dict[str, str] = field(default_factory=dict)
    has_vddh: bool = False


_NRF52_INPUTS = dict(enumerate(("P0.02", "P0.03", "P0.04", "P0.05", "P0.28", "P0.29", "P0.30", "P0.31")))
_NRF53_INPUTS = dict(enumerate(("P0.04", "P0.05", "P0.06", "P0.07", "P0.25", "P0.26", "P0.27", "P0.28")))
_NRF52_TAKEN = {"P0.00": CRYSTAL, "P0.01": CRYSTAL, "P0.09": NFC, "P0.10": NFC}
_NRF53_TAKEN = {"P0.00": CRYSTAL, "P0.01": CRYSTAL, "P0.02": NFC, "P0.03": NFC}

CHIPS = {
    "nRF52840": ChipFacts(
        _NRF52_INPUTS, "nRF52840 Product Specification v1.7, 7.1", _NRF52_TAKEN, has_vddh=True
    ),
    "nRF52832": ChipFacts(_NRF52_INPUTS, "nRF52832 Product Specification v1.4, 4.1", _NRF52_TAKEN),
    "nRF5340": ChipFacts(
        _NRF53_INPUTS, "nRF5340 Product Specification v1.4, 9.1", _NRF53_TAKEN, has_vddh=True
    ),
    "RP2040": ChipFacts({at: f"GP{26 + at}" for at in range(4)}, "RP2040 data sheet, 1.4.3"),
    "STM32F407": ChipFacts(
        dict(enumerate([f"PA{at}" for at in range(8)] + ["PB0", "PB1"] + [f"PC{at}" for at in range(6)])),
        "STM32F407 data sheet (DS8626), table 7: ADC1",
    ),
    "STM32L476": ChipFacts(
        dict(
            enumerate(
                [f"PC{at}" for at in range(4)]
                + [f"PA{at}" for at in range(8)]
                + ["PC4", "PC5", "PB0", "PB1"],
                start=1,
            )
        ),
        "STM32L476 data sheet (DS10198), table 16: ADC1",
    ),
}
"""By the first letters of a board's `chip`. What a chip that is not here has, nobody checks."""


def facts_of(chip: str) -> ChipFacts | None:
    """The facts of a board's chip; None where they are not known."""
    return next((facts for name, facts in CHIPS.items() if chip.upper().startswith(name.upper())), None)
