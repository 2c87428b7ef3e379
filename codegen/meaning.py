"""What the numbers of an exported library mean, as integers for the C: task, unit, range, levels, scale."""

from dataclasses import asdict, dataclass

from splkit.codegen.alert_rules import (
    CRITICAL_UEQ_L,
    HIGH_UEQ_L,
    MAX_LEVEL_UEQ_L,
    MIN_LEVEL_UEQ_L,
    POTASSIUM,
    AlertRules,
    probability_rules,
)
from splkit.codegen.render import filled
from splkit.codegen.self_test import distance_crc32
from splkit.quantize.contract import Contract, Task
from splkit.quantize.distance import Distance
from splkit.quantize.posterior import MAX_TESTS, Priors
from splkit.quantize.spread import RISK_LEVELS_MEQ_L, Spread
from splkit.quantize.units import SplScale, in_milli

VALUE_NAMES: dict[Task, str] = {
    "potassium": "spl_ueq_l",
    "probability": "probability_permille",
    "other": "value_milli",
}
"""The member of `spl_estimate_t` that holds the answer: code for one task does not compile with another."""


@dataclass(frozen=True)
class Meaning:
    """A contract in thousandths of its unit.

    Attributes:
        contract: of the model.
        interval: (low, high) about an estimate, None without one.
        coverage_percent: of the interval.
        scale: from the network's output to the value.
        uv_per_count: microvolts a count of the samples.
        trained_on: what the network was trained on.
        priors: of personal calibration, None without them.
        model_tag: of 32 bits, of the model alone.
        spread: of a model that answers quantiles, None of one with one answer.
        distance: that cycles are held against, None where nothing is known of those of training.
        averaged_cycles: in a mean, and in an early one at least.
        least_cycles: as in `FrontEndConfig`.
    """

    contract: Contract
    interval: tuple[int, int] | None
    coverage_percent: int
    scale: SplScale
    uv_per_count: float
    trained_on: str
    priors: Priors | None = None
    model_tag: int = 0
    spread: Spread | None = None
    distance: Distance | None = None
    averaged_cycles: int = 8
    least_cycles: int = 8

    @property
    def corrections_text(self) -> str:
        """What is added to each answer: a row a number of cycles, from whole means down, halved each time."""
        lifts = range((self.averaged_cycles // self.least_cycles).bit_length())
        counts = [self.averaged_cycles >> lift for lift in lifts]
        rows = [self.spread.of_cycles(each).corrections_ueq_l for each in counts] if self.spread else []
        return ", ".join(f"{{{', '.join(map(str, row))}}}" for row in rows)

    @property
    def has_interval(self) -> bool:
        """Whether an estimate has an interval: fixed about it, or from quantiles."""
        return self.interval is not None or self.spread is not None

    @property
    def alert_permille(self) -> tuple[int, int]:
        """The risk beyond which the first and the second level count as reached, of a model with a spread."""
        if self.spread is None:
            return 0, 0
        high, critical = (self.spread.alert_permille(level) for level in RISK_LEVELS_MEQ_L)
        return high, critical

    @property
    def task(self) -> Task:
        """The contract's task."""
        return self.contract.task

    @property
    def value_name(self) -> str:
        """The member of `spl_estimate_t` that holds the answer."""
        return VALUE_NAMES[self.task]

    @property
    def plausible(self) -> tuple[int, int]:
        """What lies outside is no estimate."""
        return in_milli(self.contract.plausible.low), in_milli(self.contract.plausible.high)

    @property
    def levels(self) -> tuple[int, int]:
        """Where the first and the second alert state begin; a probability has one, another task none."""
        if self.task == "potassium":
            return HIGH_UEQ_L, CRITICAL_UEQ_L
        return self.threshold_permille, self.threshold_permille

    @property
    def threshold_permille(self) -> int:
        """From which probability on an answer counts as positive; 0 for other tasks."""
        return in_milli(self.contract.alert_threshold or 0.0)

    @property
    def positive_ueq_l(self) -> int:
        """The SPL that a probability is about; 0 for other tasks."""
        return in_milli(self.contract.positive_spl_meq_l or 0.0)

    @property
    def rules(self) -> AlertRules:
        """When alert states change."""
        return rules_of(self.contract)

    @property
    def uv_per_count_q16(self) -> int:
        """Microvolts a count, 16 fraction bits."""
        return round(self.uv_per_count * (1 << 16))

    @property
    def max_tests(self) -> int:
        """Blood tests that are kept."""
        return MAX_TESTS

    @property
    def personal(self) -> dict[str, int | str]:
        """The priors of personal calibration, as the C names them."""
        if not self.priors:
            return {}
        values = asdict(self.priors) | {"untested": self.priors.untested}
        return {
            f"SPL_PERSONAL_{name.upper()}": ", ".join(map(str, value)) if isinstance(value, tuple) else value
            for name, value in values.items()
        }

    @property
    def distance_mean_rows(self) -> list[str]:
        """The mean training cycle as lines of an array."""
        return list(filled([f"{value}," for value in self.distance.mean])) if self.distance else []

    @property
    def distance_component_rows(self) -> list[tuple[int, ...]]:
        """By value of a cycle, what the components have there."""
        return list(zip(*self.distance.components, strict=True)) if self.distance else []

    @property
    def distance_crc32(self) -> int:
        """Of what cycles are held against; 0 without it."""
        return distance_crc32(self.distance) if self.distance else 0

    @property
    def bounds(self) -> dict[str, int]:
        """Of what the owner of a device may set."""
        return {
            "SPL_MIN_LEVEL": MIN_LEVEL_UEQ_L,
            "SPL_MAX_LEVEL": MAX_LEVEL_UEQ_L,
        }


def rules_of(contract: Contract) -> AlertRules:
    """The alert rules of a model's task."""
    if contract.task == "probability":
        return probability_rules(in_milli(contract.alert_threshold or 0.0))
    return POTASSIUM
