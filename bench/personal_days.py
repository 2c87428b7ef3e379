"""Simulated patients on days with and without a blood test, as a device sees them: for personal.py."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import click
import numpy as np

from splkit.codegen.alert_rules import POTASSIUM
from splkit.ecg.frontend import FrontEndConfig, run_front_end, to_counts
from splkit.ecg.simulator.conditions import draw_ckd_patient
from splkit.ecg.simulator.patient import Patient
from splkit.ecg.simulator.record import simulate_record
from splkit.quantize.answers import DeviceModel
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for
from splkit.quantize.posterior import BloodTest, Priors, personal_curve
from splkit.quantize.spread import UEQ_L
from splkit.train.cohort import TEST_TAIL_SHARE, draw_label, draw_potassium
from splkit.train.config import MAX_SEED
from splkit.train.sessions import moved

SEED: Final = MAX_SEED + 1
"""No training run draws its patients from it."""
DAYS: Final = (0, 2, 4, 7, 9, 11, 14)
TESTED: Final = 3
"""The first days have a blood test."""
RECORD_S: Final = 60


class Record(NamedTuple):
    """What a device said of a record, mEq/L: the mean of its last estimates, the last one, the label.

    `below` and `above` are the ends of the last one's interval, less the estimate, in micro-equivalents.
    """

    mean: float
    last: float
    label: float
    below: int
    above: int


class Seen(NamedTuple):
    """A patient: a record a day, None where the device said too little; a second one at the third test."""

    days: tuple[Record | None, ...]
    later: Record | None


class Device:
    """A model on a device, its alert rules' means included."""

    def __init__(self, path: Path) -> None:
        self.card: ModelCard = card_for(path)
        if self.card.interval is None and self.card.spread is None:
            raise click.UsageError("the model's card has neither an interval nor a spread")
        self.front_end = FrontEndConfig.for_rate(300, 5.0, self.card.cycle.averaged_cycles)
        self._model = DeviceModel.of_card(path.read_bytes(), self.card)

    def record(
        self, person: Patient, potassium_meq_l: float, session: int, rng: np.random.Generator
    ) -> Record | None:
        """One record; None where fewer estimates count than a calibration needs."""
        record = simulate_record(
            potassium_meq_l,
            duration_s=RECORD_S,
            lead=self.card.lead or "V5",
            seed=int(rng.integers(1 << 32)),
            patient=person,
            session=session,
        )
        label_meq_l = draw_label(rng, potassium_meq_l)
        averaged = run_front_end(to_counts(record.recording, self.front_end), self.front_end).averaged
        said = self._model.answers(averaged[-POTASSIUM.answers :])
        counted = [each.quantiles for each in said if each.quantiles is not None]
        if len(counted) < POTASSIUM.needed or said[-1].quantiles is None:
            return None
        last = said[-1].quantiles[self._model.median]
        mean = np.mean(counted, axis=0)[self._model.median]
        below, above = (end - last for end in self._ends(said[-1].quantiles))
        return Record(float(mean) / UEQ_L, last / UEQ_L, label_meq_l, below, above)

    def _ends(self, quantiles: tuple[int, ...]) -> tuple[int, int]:
        """Of the interval, not held to what is plausible."""
        if self._model.interval:
            low, high = self._model.interval
            return quantiles[0] + low, quantiles[0] + high
        return quantiles[0], quantiles[-1]

    def patient(self, number: int) -> Seen:
        """All days of one patient."""
        rng = np.random.default_rng([SEED, number])
        person = draw_ckd_patient(rng)
        days: list[Record | None] = []
        later = None
        for day in range(len(DAYS)):
            session = int(rng.integers(1 << 32))
            level_meq_l = draw_potassium(rng, TEST_TAIL_SHARE)
            days.append(self.record(person, level_meq_l, session, rng))
            if day == TESTED - 1:
                later = self.record(person, moved(rng, level_meq_l), session, rng)
        return Seen(tuple(days), later)


def blood_tests(seen: Seen, count: int) -> list[BloodTest]:
    """The first `count` blood tests, of days on which the device had estimates."""
    return [
        BloodTest(round(1000 * record.label), round(1000 * record.mean), day)
        for day, record in zip(DAYS[:count], seen.days, strict=False)
        if record
    ]


def believed(priors: Priors, tests: Sequence[BloodTest]) -> list[BloodTest]:
    """The tests that a device takes, one after the other."""
    taken: list[BloodTest] = []
    for test in tests:
        taken += [test] if personal_curve(priors, [*taken, test], test.day) else []
    return taken
