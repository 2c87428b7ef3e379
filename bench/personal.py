"""What blood tests bring on later days: simulated patients whom neither training nor the priors have seen.

Usage: python bench/personal.py [--patients N] [--model TFLITE] [--json]

Each patient is seen on seven days of two weeks, at a potassium that is drawn anew each day, in the cohort of
the test split. The first three days have a blood test. All figures are about the label of the last four days,
so that every row answers the same question; intervals draw patients again (95 %).
"""

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import click
import numpy as np
from numpy.typing import NDArray
from personal_days import DAYS, TESTED, Device, Record, Seen, believed, blood_tests
from rich.table import Table

from splkit.console import out, progress
from splkit.progress import Advance
from splkit.quantize.curve import AS_IT_IS, KNOTS, Curve
from splkit.quantize.posterior import Priors, personal_curve
from splkit.quantize.reference import reference_model
from splkit.train.metrics import HYPERKALEMIA_MEQ_L

DRAWS: Final = 1000

Signal = NDArray[np.float64]


class Row(NamedTuple):
    """One way to use blood tests, on the same records: labels, estimates, ends, all float64[n], mEq/L."""

    name: str
    label: Signal
    estimate: Signal
    low: Signal
    high: Signal
    patient: NDArray[np.int64]

    @property
    def error(self) -> Signal:
        """Absolute errors."""
        return np.abs(self.label - self.estimate)

    @property
    def covered(self) -> Signal:
        """1 where the label lies within."""
        return ((self.low <= self.label) & (self.label <= self.high)).astype(np.float64)


def later_days(name: str, patients: Sequence[Seen], curve_of: Callable[[Seen, int], Curve]) -> Row:
    """The days after the blood tests."""
    rows = []
    for number, seen in enumerate(patients):
        for day, record in list(zip(DAYS, seen.days, strict=True))[TESTED:]:
            if record:
                rows.append((record.label, *_answer(record, curve_of(seen, day)), number))
    return _row(name, rows)


def changes(patients: Sequence[Seen], priors: Priors, *, same_session: bool) -> Row:
    """The change since the third blood test: within its session, or over the days after it."""
    rows = []
    for number, seen in enumerate(patients):
        tests = believed(priors, blood_tests(seen, TESTED))
        records = [(DAYS[TESTED - 1], seen.later)] if same_session else list(zip(DAYS, seen.days))[TESTED:]  # noqa: B905
        for day, record in records:
            if record and tests and tests[-1].day == DAYS[TESTED - 1]:
                curve = personal_curve(priors, tests, day) or AS_IT_IS
                ends = curve.change_ends(record.below, record.above)
                change = curve.value(round(1000 * record.last)) - tests[-1].spl_ueq_l
                truth = record.label - tests[-1].spl_ueq_l / 1000
                rows.append(
                    (truth, *(each / 1000 for each in (change, change + ends[0], change + ends[1])), number)
                )
    return _row("change within the session" if same_session else "change over days", rows)


def _answer(record: Record, curve: Curve) -> tuple[float, float, float]:
    value = curve.value(round(1000 * record.last))
    low, high = curve.ends(record.below, record.above)
    return value / 1000, (value + low) / 1000, (value + high) / 1000


def _row(name: str, rows: Sequence[tuple[float, float, float, float, int]]) -> Row:
    label, estimate, low, high, patient = (np.array(column, np.float64) for column in zip(*rows, strict=True))
    return Row(name, label, estimate, low, high, patient.astype(np.int64))


def full_difference(seen: Seen, count: int) -> Curve:
    """The rule before: the whole difference of the last blood test is added to every estimate."""
    tests = blood_tests(seen, count)
    shift = tests[-1].spl_ueq_l - tests[-1].estimate_ueq_l if tests else 0
    return Curve(moves=(shift,) * len(KNOTS))


def learned(priors: Priors, seen: Seen, count: int, day: int) -> Curve:
    """The rule now."""
    return personal_curve(priors, believed(priors, blood_tests(seen, count)), day) or AS_IT_IS


def measure(patients: Sequence[Seen], priors: Priors) -> list[Row]:
    """All rows; the first is without a blood test."""
    rows = [later_days("no blood test", patients, partial(_now, priors, 0))]
    for count in range(1, TESTED + 1):
        name = f"{count} blood test{'s' if count > 1 else ''}"
        before, now = partial(_before, count), partial(_now, priors, count)
        rows.append(later_days(f"{name}, full difference", patients, before))
        rows.append(later_days(name, patients, now))
    return rows


def _before(count: int, seen: Seen, _day: int) -> Curve:
    return full_difference(seen, count)


def _now(priors: Priors, count: int, seen: Seen, day: int) -> Curve:
    return learned(priors, seen, count, day)


def bootstrap(row: Row, values: Sequence[Signal], figure: Callable[..., float]) -> tuple[float, float, float]:
    """A figure of per-record `values`, and its 95 % interval over patients drawn again."""
    numbers, at = np.unique(row.patient, return_inverse=True)
    counts = np.bincount(at)
    sums = [np.bincount(at, each) for each in values]
    drawn = np.random.default_rng(1).integers(0, len(numbers), (DRAWS, len(numbers)))
    again = [figure(*(each[one].sum() / counts[one].sum() for each in sums)) for one in drawn]
    low, high = np.quantile(again, (0.025, 0.975))
    return figure(*(float(each.mean()) for each in values)), float(low), float(high)


def figures(row: Row, without: Row) -> dict[str, float | tuple[float, float, float]]:
    """What a row comes to beside the one without a blood test."""
    high = row.label >= HYPERKALEMIA_MEQ_L
    said = row.estimate >= HYPERKALEMIA_MEQ_L
    same = np.sort(row.estimate[~high])[
        int(np.mean(without.estimate[~high] < HYPERKALEMIA_MEQ_L) * (~high).sum())
    ]
    return {
        "MAE, mEq/L": bootstrap(row, [row.error], lambda mae: mae),
        "MAE against no test": bootstrap(row, [row.error, without.error], lambda mae, plain: mae / plain - 1),
        "coverage": bootstrap(row, [row.covered], lambda share: share),
        "width, mEq/L": float((row.high - row.low).mean()),
        "sensitivity": float(said[high].mean()),
        "specificity": float(1 - said[~high].mean()),
        "sensitivity at the specificity without": float((row.estimate[high] >= same).mean()),
        "MAE from 6.5": float(row.error[row.label >= 6.5].mean()),
    }


@click.command()
@click.option("--patients", type=click.IntRange(min=50), default=1500, show_default=True)
@click.option(
    "--model", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Another .tflite."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(patients: int, model: Path | None, as_json: bool) -> None:
    """Print what blood tests bring on later days, simulated."""
    device = Device(model or reference_model())
    if device.card.personal is None:
        raise click.UsageError("the model's card has no priors of personal calibration: convert it again")
    priors = Priors.of(device.card.personal)
    with progress("simulating", patients) as advance:
        seen = _all(device, patients, advance)
    rows = measure(seen, priors)
    result = {row.name: figures(row, rows[0]) for row in rows}
    tests = [test for each in seen for test in blood_tests(each, TESTED)]
    refused = len(tests) - sum(len(believed(priors, blood_tests(each, TESTED))) for each in seen)
    change = [changes(seen, priors, same_session=same) for same in (True, False)]
    moves = {
        row.name: {
            "MAE, mEq/L": bootstrap(row, [row.error], lambda mae: mae),
            "MAE of no change": bootstrap(row, [np.abs(row.label)], lambda mae: mae),
            "coverage": bootstrap(row, [row.covered], lambda share: share),
            "width, mEq/L": float((row.high - row.low).mean()),
        }
        for row in change
    }
    if as_json:
        out.print_json(
            json.dumps({"later days": result, "change": moves, "refused": refused, "tests": len(tests)})
        )
        return
    _print(f"simulated, {patients} patients, {len(rows[0].label)} records on later days", result)
    _print("change since the third blood test, simulated", moves)
    out.print(f"{refused} of {len(tests)} blood tests were not believed")


def _all(device: Device, patients: int, advance: Advance) -> list[Seen]:
    seen = []
    for number in range(patients):
        seen.append(device.patient(number))
        advance(1)
    return seen


def _print(title: str, rows: dict[str, dict[str, float | tuple[float, float, float]]]) -> None:
    names = list(next(iter(rows.values())))
    table = Table("", *names, title=title)
    for name, row in rows.items():
        table.add_row(name, *(_text(row[each], percent="against" in each) for each in names))
    out.print(table)


def _text(value: float | tuple[float, float, float], *, percent: bool) -> str:
    digits = ".1%" if percent else ".3f"
    if isinstance(value, tuple):
        return f"{value[0]:{digits}} ({value[1]:{digits}} to {value[2]:{digits}})"
    return f"{value:{digits}}"


if __name__ == "__main__":
    sys.exit(main())
