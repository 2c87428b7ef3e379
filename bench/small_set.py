"""Whether a small set trains: R2 after the default training of some 1,200 cycles, beside longer trainings.

    python bench/small_set.py --out runs/small [--patients 900] [--seed 1 ...] [--times 3 ...] [--json]

1,200 cycles are what the thesis had. Each training is a run of its own in OUT, on the same simulated patients
and tested on the same others; what is there is not done again. Exit status 1 if the default's R2, a mean over
the seeds, is more than 0.03 below that of any longer training.
"""

import json
import sys
from pathlib import Path
from statistics import mean
from typing import Final, NamedTuple

import click
from rich.table import Table

from splkit.console import out, progress
from splkit.train.config import TrainConfig
from splkit.train.folder import RunMetrics
from splkit.train.folds import kept_run

MOST_BELOW: Final = 0.03


class Row(NamedTuple):
    """A training: how many times the default's epochs it has, and how it did on its test patients."""

    seed: int
    times: int
    train_cycles: int
    test_patients: int
    best_epoch: int
    r2: float
    mae_meq_l: float

    @classmethod
    def of(cls, config: TrainConfig, times: int, metrics: RunMetrics) -> "Row":
        """Of a finished run."""
        test = metrics.test
        return cls(
            config.seed,
            times,
            metrics.train_cycles,
            test.patients,
            metrics.best_epoch,
            test.r2,
            test.mae_meq_l,
        )


def metrics_of(config: TrainConfig, folder: Path, what: str) -> RunMetrics:
    """Train, go on, or take what is there."""
    with progress(what, config.progress_steps) as advance:
        return kept_run(config, folder, advance, cache=folder.parent / "cycles")


def below(rows: list[Row], times: int) -> float:
    """How far the default is below a longer training: a mean over the seeds of what R2 gains."""
    default = {row.seed: row.r2 for row in rows if row.times == 1}
    return mean(row.r2 - default[row.seed] for row in rows if row.times == times)


def table(rows: list[Row]) -> Table:
    """One line a training."""
    columns = ("seed", "epochs", "cycles", "test patients", "best epoch", "R2", "MAE, mEq/L")
    found = Table(*columns, title="Small sets, simulated")
    for row in rows:
        errors = (f"{row.r2:.3f}", f"{row.mae_meq_l:.3f}")
        counts = (row.train_cycles, row.test_patients, row.best_epoch)
        found.add_row(str(row.seed), f"{row.times} x", *map(str, counts), *errors)
    return found


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Holds the runs.")
@click.option("--patients", type=int, default=900, show_default=True)
@click.option("--seed", "seeds", multiple=True, type=int, default=(1, 2, 3), show_default=True)
@click.option("--times", "longer", multiple=True, type=int, default=(3,), show_default=True)
@click.option("--json", "as_json", is_flag=True)
def main(folder: Path, patients: int, seeds: tuple[int, ...], longer: tuple[int, ...], as_json: bool) -> None:
    """The default training of a small set beside longer ones."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for seed in seeds:
        base = TrainConfig(patients=patients, seed=seed)
        for times in (1, *longer):
            config = base.model_copy(update={"epochs": base.epochs * times})
            what = f"seed {seed}, {config.epochs} epochs"
            rows.append(Row.of(config, times, metrics_of(config, folder / f"{seed}-{times}", what)))
    gained = {times: below(rows, times) for times in longer}
    if as_json:
        print(json.dumps({"rows": [row._asdict() for row in rows], "longer_gains_r2": gained}, indent=2))
    else:
        out.print(table(rows))
        for times, gain in gained.items():
            out.print(f"{times} times the epochs: R2 {gain:+.3f}, mean of {len(seeds)} seeds, simulated")
    sys.exit(any(gain > MOST_BELOW for gain in gained.values()))


if __name__ == "__main__":
    main()
