"""`splkit quantize`."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from rich.table import Table

from splkit.commands.accuracy_table import (
    bands_table,
    counts_table,
    covered_table,
    distance_table,
    risks_table,
    warn_weak,
)
from splkit.commands.options import EPOCHS, FILE, examples, force_option, json_option, print_json, print_next
from splkit.console import new_table, out, progress

if TYPE_CHECKING:
    from collections.abc import Mapping

    from splkit.quantize.card import Discrimination, Method, ModelCard
    from splkit.train.metrics import Accuracy

EXAMPLES = examples(
    "splkit quantize runs/4k",
    "splkit quantize runs/4k --method ptq --out ptq.tflite",
    "splkit quantize runs/4k --epochs 2 --force --json",
)


@click.command("quantize", epilog=EXAMPLES)
@click.argument("run_dir", metavar="RUN", type=click.Path(path_type=Path, file_okay=False))
@click.option("--out", "out_path", type=FILE, help=".tflite to write; by default <model>.tflite in RUN.")
@click.option("--picture", type=FILE, help=".png to write; by default beside the model.")
@click.option(
    "--method",
    type=click.Choice(["qat", "ptq"]),
    help="Quantization-aware fine-tuning, or conversion as it was trained [qat; of a classifier ptq].",
)
@click.option("--epochs", type=EPOCHS, help="Of fine-tuning; by default as the run says.")
@force_option
@json_option
def command(
    run_dir: Path,
    out_path: Path | None,
    picture: Path | None,
    method: str | None,
    epochs: int | None,
    force: bool,
    as_json: bool,
) -> None:
    """Turn a trained run into an int8 .tflite with its model card.

    Float and int8 models are measured side by side on the test patients, and drawn. Fine-tuning is kept in
    RUN/qat. If it is interrupted, the next call continues it; if it is done, it is not done again. If it
    makes the error on the validation patients worse, the model without fine-tuning is used.
    """
    from splkit.quantize.distance import NOT_CHECKED
    from splkit.quantize.run import MOST_WORSE_MEQ_L, Outputs, method_of, quantize_run, quantize_steps
    from splkit.quantize.weak import weakness
    from splkit.train.folder import load_run

    config = load_run(run_dir).config
    outputs = Outputs.beside(out_path or run_dir / f"{config.model}.tflite", picture)
    way = method_of(config, cast("Method | None", method))
    fine_tune = config.fine_tune.model_copy(update={} if epochs is None else {"epochs": epochs})
    with progress("quantizing", quantize_steps(run_dir, way, fine_tune)) as advance:
        card = quantize_run(run_dir, outputs, advance, method=way, fine_tune=fine_tune, overwrite=force)
    warn_weak(weakness(card, outputs.model.read_bytes()))
    if as_json:
        print_json(card.model_dump_json(indent=2))
        return
    out.print(
        f"{outputs.model}: {card.parameters:,} parameters, int8 ({card.method}), trained on {card.trained_on}"
    )
    if card.discrimination:
        out.print(_discriminations(card.discrimination))
        out.print(_noise({card.method: card.discrimination.noise_db}))
        out.print(distance_table(card.distance) if card.distance else NOT_CHECKED)
        print_next("splkit", "export", outputs.model, "--board", "nrf52", "--out", "firmware")
        return
    if card.method != way:
        out.print(f"fine-tuning is left out: over {MOST_WORSE_MEQ_L} mEq/L worse on validation patients")
    out.print(_accuracies(card))
    out.print(bands_table(card.bands))
    out.print(_noise({one.method: one.noise_db for one in card.conversions}))
    if card.interval:
        out.print(
            f"SPL lies between {card.interval.low_meq_l:+.2f} and {card.interval.high_meq_l:+.2f} mEq/L "
            f"of an estimate in {card.interval.coverage:.0%} of cases "
            f"({card.interval.test_coverage:.1%} of the test cycles, {_data(card)} potassium)"
        )
    if card.spread:
        out.print(covered_table(card.spread))
        out.print(risks_table(card.spread))
        if card.spread.counts:
            out.print(counts_table(card.spread))
    out.print(distance_table(card.distance) if card.distance else NOT_CHECKED)
    print_next("splkit", "export", outputs.model, "--board", "nrf52", "--out", "firmware")


def _data(card: "ModelCard") -> str:
    return card.metrics.data if card.metrics else "no"


def _accuracies(card: "ModelCard") -> Table:
    """A table of the float model and of each quantization method, on the test patients."""
    columns = ("", "R2", "MAE mEq/L", "AUC at 5.5", "mean |difference|", "largest")
    table = new_table(*columns, title=f"on {_data(card)} potassium")
    if card.metrics:
        table.add_row("float", *_scores(card.metrics.float32))
    for one in card.conversions:
        apart = (one.mean_abs_difference_meq_l, one.max_abs_difference_meq_l)
        table.add_row(f"int8 {one.method}", *_scores(one.int8), *(f"{value:.4f}" for value in apart))
    return table


def _scores(accuracy: "Accuracy") -> list[str]:
    figures = (accuracy.r2, accuracy.mae_meq_l, accuracy.auc_5_5)
    return ["-" if figure is None else f"{figure:.4f}" for figure in figures]


def _discriminations(found: "Discrimination") -> Table:
    """A table of the float and the int8 classifier on the test patients, each with its own thresholds."""
    columns = ("", "AUC at 5.5", "95 %", "Brier", "positive from", "sensitivity", "specificity")
    title = f"hyperkalemia, on {found.data} potassium; thresholds of validation patients"
    table = new_table(*columns, title=title)
    for name, one in (("float", found.float32), ("int8 ptq", found.int8)):
        area = (f"{one.auc.value:.4f}", f"{one.auc.low:.3f} to {one.auc.high:.3f}", f"{one.brier:.4f}")
        for number, point in enumerate(one.points):
            rates = (
                f"{each.value:.1%} ({each.low:.1%} to {each.high:.1%})"
                for each in (point.sensitivity, point.specificity)
            )
            head = ("", "", "", "") if number else (name, *area)
            table.add_row(*head, f"{point.threshold_permille / 1000:.3f}", *rates)
    return table


def _noise(noise_db: "Mapping[Method, Mapping[str, float]]") -> Table:
    """A table of the signal to quantization noise ratio by layer, with one column for each method."""
    table = new_table("layer", *(f"{one} dB" for one in noise_db), title="signal to quantization noise")
    for layer in list(noise_db.values())[-1]:
        table.add_row(layer, *(f"{one[layer]:.1f}" for one in noise_db.values()))
    return table
