"""What a model's outputs mean, worked out from its two files alone: nothing of splkit's scales is used."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import tflite


class Truth:
    """The exact value of each output, in thousandths of the unit.

    Args:
        folder: an export, with model/model.tflite and model/card.json.
    """

    def __init__(self, folder: Path) -> None:
        self.card: dict[str, Any] = json.loads((folder / "model" / "card.json").read_text())
        model = tflite.Model.GetRootAsModel((folder / "model" / "model.tflite").read_bytes(), 0)
        graph = model.Subgraphs(0)
        quantization = graph.Tensors(graph.Outputs(0)).Quantization()
        self.scale = Fraction(float(quantization.Scale(0)))
        self.zero_point = int(quantization.ZeroPoint(0))

    def exact(self, output: int) -> Fraction:
        """offset + scale * (output - zero point), times 1000."""
        offset = Fraction(str(self.card["offset"]))
        return 1000 * (offset + self.scale * (output - self.zero_point))

    def holds(self, value: int, output: int) -> bool:
        """Whether a value in thousandths is that of an output: the next to the left or to the right."""
        exact = self.exact(output)
        return math.floor(exact) <= value <= math.ceil(exact)

    def ends(self, value: int) -> tuple[int, int]:
        """The ends of a value's interval, held to the plausible range."""
        interval, plausible = self.card["interval"], self.card["plausible"]
        low, high = (round(value + 1000 * interval[name]) for name in ("low_meq_l", "high_meq_l"))
        return max(low, round(1000 * plausible["low"])), min(high, round(1000 * plausible["high"]))
