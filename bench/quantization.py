"""Float, PTQ and QAT of every network that can be trained, on simulated patients, in one table.

    python bench/quantization.py --out runs/quantization [--model dscrnn_4k ...] [--order conv-bn-relu ...]
                                 [--seed 1 ...] [--patients 2000] [--epochs 10] [--fresh 2000] [--json]

"shipped" is what `splkit quantize` takes of PTQ and QAT, by the validation patients. Each row is a run of its
own in OUT. What is there is not done again, and a run that was cut off goes on, so that the table may grow
over days: all of it takes some hours of CPU. 384 test patients leave some thousandths of a mEq/L to chance:
`--fresh N` compares what is shipped with PTQ on N patients more, whom no run has met. Exit status 1 if what
is shipped is worse than post-training quantization by more than 0.005 mEq/L in a row.
"""

import json
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Final, NamedTuple, get_args

import click
import numpy as np
from rich.table import Table

from splkit.console import out, progress
from splkit.quantize.card import Method, ModelCard
from splkit.quantize.deviation import estimate_int8
from splkit.quantize.run import MOST_WORSE_MEQ_L, Outputs, quantize_run, quantize_steps
from splkit.train.config import Regressor, TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.dataset import build
from splkit.train.folder import Run
from splkit.train.folds import kept_run
from splkit.train.layer_order import LayerOrder
from splkit.train.zoo import has_order

FRESH_SEED: Final = 1_000_002


class Row(NamedTuple):
    """A network, and the MAE of its three forms on its test patients, mEq/L, simulated."""

    model: str
    order: str
    seed: int
    patients: int
    float32: float
    ptq: float
    qat: float
    shipped: Method

    @property
    def recovered(self) -> float | None:
        """The share of what post-training quantization loses that fine-tuning brings back."""
        lost = self.ptq - self.float32
        return (self.ptq - self.qat) / lost if lost > 0 else None

    @property
    def is_worse(self) -> bool:
        """Whether what is shipped is worse than without fine-tuning."""
        return self.shipped == "qat" and self.qat > self.ptq + MOST_WORSE_MEQ_L


def configurations(
    models: tuple[Regressor, ...], orders: tuple[LayerOrder, ...], seeds: tuple[int, ...], base: TrainConfig
) -> Iterator[TrainConfig]:
    """A run each; networks without BatchNorm come in one order."""
    for seed, model, order in product(seeds, models, orders):
        if has_order(model.partition("_")[0]) or order == orders[0]:  # type: ignore[arg-type]
            yield base.model_copy(update={"model": model, "order": order, "seed": seed})


def row_of(config: TrainConfig, folder: Path) -> Row:
    """Train and quantize, or take what is there."""
    name = f"{config.model}, {config.order}, seed {config.seed}"
    with progress(f"training {name}", config.progress_steps) as advance:
        kept_run(config, folder, advance, cache=folder.parent / "cycles")
    outputs = Outputs.beside(folder / f"{config.model}.tflite")
    if not outputs.model.exists():
        with progress(f"quantizing {name}", quantize_steps(folder)) as advance:
            quantize_run(folder, outputs, advance)
    card, run = ModelCard.load(outputs.card), Run.load(folder)
    mae: dict[Method, float] = {one.method: one.int8.mae_meq_l for one in card.conversions}
    return Row(
        config.model, config.order, config.seed, run.metrics.test.patients,
        run.metrics.test.mae_meq_l, mae["ptq"], mae["qat"], card.method,
    )  # fmt: skip


def fresh_cycles(patients: int, folder: Path) -> CycleSet:
    """Cycles of patients whom no run of the table has met; simulated once, and kept."""
    kept = folder / f"fresh-{patients}.npz"
    if not kept.exists():
        with progress("simulating fresh patients", patients) as advance:
            build(TrainConfig(patients=patients, seed=FRESH_SEED), advance).save(kept)
    return CycleSet.load(kept)


def worse_on(fresh: CycleSet, folder: Path, model: str) -> tuple[float, float]:
    """By how much the MAE of fine-tuning is over that of PTQ, and the standard error of that by patients."""
    run, outputs = Run.load(folder), Outputs.beside(folder / f"{model}-ptq.tflite")
    if not outputs.model.exists():
        with progress(f"PTQ of {folder.name}", quantize_steps(folder, "ptq")) as advance:
            quantize_run(folder, outputs, advance, method="ptq")
    cycles = fresh.of_beats(run.config.averaged_cycles)
    off = []
    for path in (outputs.model, folder / f"{model}.tflite"):
        with progress(f"{path.stem} of {folder.name}", len(cycles.patient)) as advance:
            answers = estimate_int8(path.read_bytes(), cycles.averaged, run.metrics.spl_offset_meq_l, advance)
        off.append(np.abs(answers[:, run.config.median] - cycles.potassium_meq_l))
    _, at = np.unique(cycles.patient, return_inverse=True)
    by_patient = np.bincount(at, off[1] - off[0]) / np.bincount(at)
    return float(by_patient.mean()), float(by_patient.std(ddof=1)) / len(by_patient) ** 0.5


def table(rows: list[Row]) -> Table:
    """One line a row."""
    columns = (
        "network",
        "order",
        "seed",
        "patients",
        "float",
        "PTQ",
        "QAT",
        "QAT - PTQ",
        "of the loss recovered",
        "shipped",
    )
    found = Table(*columns, title="MAE in mEq/L on simulated test patients")
    for row in rows:
        recovered = "-" if row.recovered is None else f"{row.recovered:.0%}"
        errors = (f"{error:.4f}" for error in (row.float32, row.ptq, row.qat))
        apart = f"{row.qat - row.ptq:+.4f}" + (" !" if row.is_worse else "")
        found.add_row(
            row.model, row.order, str(row.seed), str(row.patients), *errors, apart, recovered, row.shipped
        )
    return found


@click.command()
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True, help="Holds the runs.")
@click.option("--model", "models", multiple=True, type=click.Choice(get_args(Regressor)))
@click.option("--order", "orders", multiple=True, type=click.Choice(get_args(LayerOrder)))
@click.option("--seed", "seeds", multiple=True, type=int, default=(1, 2), show_default=True)
@click.option("--patients", type=int, default=2000, show_default=True)
@click.option("--epochs", type=int, default=10, show_default=True)
@click.option("--fresh", type=int, default=0, help="Compare with PTQ on so many patients more.")
@click.option("--json", "as_json", is_flag=True)
def main(
    folder: Path,
    models: tuple[Regressor, ...],
    orders: tuple[LayerOrder, ...],
    seeds: tuple[int, ...],
    patients: int,
    epochs: int,
    fresh: int,
    as_json: bool,
) -> None:
    """Float, PTQ and QAT side by side."""
    base = TrainConfig(patients=patients, epochs=epochs)
    folder.mkdir(parents=True, exist_ok=True)
    asked = configurations(models or get_args(Regressor), orders or get_args(LayerOrder), seeds, base)
    folders = {folder / f"{one.model}-{one.order}-{one.seed}": one for one in asked}
    rows = [row_of(one, place) for place, one in folders.items()]
    if as_json:
        print(json.dumps([row._asdict() | {"recovered": row.recovered} for row in rows], indent=2))
    else:
        out.print(table(rows))
    if fresh:
        cycles = fresh_cycles(fresh, folder)
        for place, row in zip(folders, rows, strict=True):
            if row.shipped == "qat":
                worse, error = worse_on(cycles, place, row.model)
                out.print(f"{place.name}: QAT - PTQ {worse:+.4f} (SE {error:.4f}) on {fresh} fresh patients")
    sys.exit(any(row.is_worse for row in rows))


if __name__ == "__main__":
    main()
