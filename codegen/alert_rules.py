"""The constants of the alert states: the C gets them in `spl_contract.h`, the twin takes them from here."""

from dataclasses import dataclass

from splkit.quantize.posterior import ANSWERS, NEEDED


@dataclass(frozen=True)
class AlertRules:
    """When an alert state is entered and left; docs/protocol.md explains them.

    Attributes:
        answers: so many of the network's last answers are held.
        needed: so many of them reach a level, or leave it.
        hysteresis: a level is left by so much below it, thousandths of the unit.
        quiet_s: estimates count for so long without another accepted cycle,
        stale_s: and for so long without another estimate.
        reported_s: a beat is reported so long after its R peak at the latest.
        sine_beats: so many beats in a row without a QRS complex, RR intervals within an eighth,
        sine_min_uv: at least so large, are a suspicion of a sine wave.
    """

    answers: int = ANSWERS
    needed: int = NEEDED
    hysteresis: int = 300
    quiet_s: int = 10
    stale_s: int = 60
    reported_s: int = 4
    sine_beats: int = 8
    sine_min_uv: int = 300


POTASSIUM = AlertRules()
HIGH_UEQ_L, CRITICAL_UEQ_L = 5500, 6500
"""Levels until others are set: hyperkalemia, and severe (UK Kidney Association 2023, Treatment of acute
hyperkalaemia in adults: mild from 5.5 mmol/L, severe from 6.5)."""

MIN_LEVEL_UEQ_L, MAX_LEVEL_UEQ_L = 5000, 8000

PROBABILITY_HYSTERESIS = 50
"""Thousandths, a convention: noise of the last answers does not switch the state back and forth."""


def probability_rules(threshold_permille: int) -> AlertRules:
    """Those of a classifier; a low threshold has half of itself as hysteresis, so that it can be left."""
    return AlertRules(hysteresis=min(PROBABILITY_HYSTERESIS, threshold_permille // 2))
