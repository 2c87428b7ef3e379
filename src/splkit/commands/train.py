"""`splkit train`."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from splkit.commands.accuracy_table import bands_table, baselines_table, not_better, warn_weak
from splkit.commands.options import (
    EPOCHS,
    FILE,
    FOLDER,
    PATIENTS,
    SEED,
    FileOrUrl,
    Number,
    Whole,
    channel_option,
    examples,
    force_option,
    json_option,
    labels_option,
    print_json,
    print_next,
    spread_options,
)
from splkit.console import err, out, progress
from splkit.ecg.frontend import InputName
from splkit.ecg.leads import TWELVE_LEADS
from splkit.errors import UsageError
from splkit.interrupts import Interrupted
from splkit.train.layer_order import LayerOrder, present_name
from splkit.train.zoo import Classifier, Regressor

if TYPE_CHECKING:
    from splkit.pool import Workers
    from splkit.train.config import TrainConfig
    from splkit.train.folder import ClassifierMetrics, RunMetrics

EXAMPLES = examples(
    "splkit train --out runs/4k",
    "splkit train --out runs/try --patients 200 --epochs 5 --seed 7",
    "splkit train --out runs/4k --resume",
    "splkit train --out runs/cnn --model cnn_10k --lead V3",
    "splkit train --out runs/2s --input 2s",
    "splkit train --out runs/galloway --model galloway_4k",
    "splkit train --out runs/folds --folds 5",
    "splkit train --out runs/ours --pairs pairs.csv --channel V5",
    "splkit train --out runs/try --pairs pairs.csv --labels simulated   # of `splkit sample`",
)


class LayerOrderName(click.Choice[str]):
    """An option that is a layer order. An earlier name is accepted too, but not offered."""

    def __init__(self) -> None:
        super().__init__(get_args(LayerOrder))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Converts to the present name."""
        return super().convert(present_name(value), param, ctx)


@click.command("train", epilog=EXAMPLES)
@click.option("--out", "run_dir", required=True, type=FOLDER, help="Run folder to write.")
@click.option(
    "--pairs",
    type=FileOrUrl(),
    help="CSV file with columns record, patient, potassium_meq_l, or its URL: real ECGs, not simulated ones.",
)
@channel_option
@click.option("--skip-unreadable", is_flag=True, help="Train without the ECGs that cannot be read.")
@labels_option
@click.option("--recipe", type=FILE, help="TOML file with the configuration; options given beside it win.")
@click.option(
    "--model",
    type=click.Choice((*get_args(Regressor), *get_args(Classifier))),
    metavar="NAME",
    help="Family and size [dscrnn_4k]: dscrnn, crnn, cnn, rnn, fnn, or galloway, a classifier of "
    "hyperkalemia; with _4k, _10k or _180k.",
)
@click.option("--order", type=LayerOrderName(), help="Of convolution, BatchNorm and ReLU [conv-bn-relu].")
@click.option(
    "--lead",
    type=click.Choice(TWELVE_LEADS),
    help="Lead that is simulated [V5].",
)
@click.option(
    "--input",
    type=click.Choice(get_args(InputName)),
    help="What it reads of an accepted beat: its cycle, or 2 s with R in their middle [cycle].",
)
@click.option(
    "--average",
    "averaged_cycles",
    type=click.Choice(["1", "2", "4", "8", "16"]),
    callback=lambda _context, _option, value: value and int(value),
    help="Accepted one-cycle ECGs in an averaged one, there and on the board [8]; 2 s are not averaged.",
)
@click.option(
    "--seed",
    type=SEED,
    help="Of patients; of weights and shuffling too, unless --weights-seed is given.",
)
@click.option(
    "--weights-seed",
    type=SEED,
    help="Of the first weights and of shuffling: the same patients, another network.",
)
@click.option("--patients", type=PATIENTS, help="Simulated patients.")
@click.option("--epochs", type=EPOCHS, help="How often it is validated: a pass over the cycles or more.")
@click.option(
    "--balance",
    type=Number(0, 1, "it is a share"),
    help="Weight of rare potassium: 0 as often as it is, 1 every potassium alike.",
)
@click.option(
    "--folds",
    type=Whole(2, 5, "a fold is a fifth of the patients"),
    help="Cross-validate: so many runs, each tests another fifth.",
)
@click.option("--resume", is_flag=True, help="Go on with a run that was interrupted.")
@spread_options
@click.option(
    "--cache",
    type=FOLDER,
    help="Folder where cycles that are cut are kept for other runs [SPLKIT_CACHE, or ~/.cache/splkit].",
)
@force_option
@json_option
def command(
    run_dir: Path,
    pairs: Path | str | None,
    channel: str | None,
    skip_unreadable: bool,
    labels: str | None,
    recipe: Path | None,
    folds: int | None,
    resume: bool,
    workers: "Workers",
    cache: Path | None,
    force: bool,
    as_json: bool,
    **changes: int | float | str | None,
) -> None:
    """Train a network on ECGs, simulated or your own.

    The 4k DSCRNN by default; the board's own front end cuts the cycles. The run folder gets the weights, the
    configuration, the metrics and a picture of the learning curve. Figures say whether the potassium was
    simulated or measured; --pairs and --channel are docs/training.md's "Real ECGs".
    """
    from splkit.train.config import TrainConfig, load_recipe
    from splkit.train.cut_cache import user_cache
    from splkit.train.going_on import kept
    from splkit.train.run import train_run

    base = load_recipe(recipe) if recipe else TrainConfig()
    given: dict[str, Any] = {name: value for name, value in changes.items() if value is not None}
    config = _configured(base, given)
    of_pairs = {"channel": channel, "skip_unreadable": skip_unreadable, "labels": labels}
    if pairs or any(of_pairs.values()):
        config = _with_pairs(config, pairs, of_pairs, given)
    way: dict[str, Any] = {
        "overwrite": force,
        "resume": resume,
        "workers": workers,
        "cache": cache or user_cache(),
    }
    if folds:
        _cross_validate(config, run_dir, folds, way, as_json=as_json)
        return
    with _resumable(lambda: kept(run_dir, way["cache"])), progress("training", config.patients) as advance:
        metrics = train_run(config, run_dir, advance, **way)
    warn_weak(metrics.weakness)
    if as_json:
        print_json(metrics.model_dump_json(indent=2))
        return
    _tell(config, metrics, run_dir)
    print_next("splkit", "quantize", run_dir)


def _tell(config: "TrainConfig", metrics: "RunMetrics | ClassifierMetrics", run_dir: Path) -> None:
    from splkit.train.folder import RunMetrics

    tested = f"{metrics.test.text} on {metrics.data} potassium, {metrics.test.patients} test patients"
    out.print(f"{run_dir}: {tested}", soft_wrap=True)
    if metrics.used_records < metrics.records:
        missed = metrics.records - metrics.used_records
        count = config.averaged_cycles
        mean = "accepted beat" if count == 1 else f"mean of {count} accepted beats"
        out.print(f"  {missed:,} of {metrics.records:,} ECGs gave no {mean}")
    if not isinstance(metrics, RunMetrics):
        return
    out.print(bands_table(metrics.bands))
    out.print(baselines_table(metrics.baselines))
    if metrics.hyperkalemia:
        out.print(f"  by the chance of 5.5 mEq/L: {metrics.hyperkalemia.text}", soft_wrap=True)
    for one in metrics.by_beats:
        out.print(f"  on means of {one.beats}: {one.test.text}")
    if found := not_better(metrics.baselines):
        out.print(found, soft_wrap=True)


def _configured(base: "TrainConfig", given: dict[str, Any]) -> "TrainConfig":
    """A recipe, changed by the options that the user gave."""
    from splkit.train.config import TrainConfig

    fields = base.model_dump() | given
    if fields["model"] in get_args(Classifier):
        if given.get("balance") or fields["quantiles"]:
            raise UsageError(
                "a classifier answers one probability, that of the cohort as it is",
                found=f"{fields['model']} with {'--balance' if given.get('balance') else 'quantiles'}",
                next_step="leave that out, or train a network that estimates SPL",
            )
        fields["balance"] = 0.0
    if fields["input"] != "cycle":
        if given.get("averaged_cycles", 1) != 1 or fields["also_averaged"]:
            raise UsageError(
                "windows of 2 s are read one by one: the beats beside R lie elsewhere in each",
                found=f"means of {given.get('averaged_cycles') or fields['also_averaged']} with --input 2s",
                next_step="leave --average and also_averaged out, or train on one cycle",
            )
        fields["averaged_cycles"] = 1
    return TrainConfig.model_validate(fields)


def _with_pairs(
    config: "TrainConfig", table: Path | str | None, how: dict[str, Any], given: dict[str, Any]
) -> "TrainConfig":
    from splkit.train.pairs import with_pairs

    if table is None:
        raise UsageError(
            "--channel, --skip-unreadable and --labels are about a table of ECGs",
            found="no --pairs",
            next_step="name them with --pairs, or a lead to simulate with --lead",
        )
    simulated = [f"--{name}" for name in ("lead", "patients") if name in given]
    if simulated:
        raise UsageError(
            "real ECGs have the patients and leads that they have",
            found=f"--pairs and {' and '.join(simulated)}",
            next_step="leave one out; --channel chooses a lead",
        )
    return with_pairs(config, table, **{name: value for name, value in how.items() if value})


@contextmanager
def _resumable(kept: Callable[[], str]) -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, Interrupted):
        err.print(kept(), soft_wrap=True)
        raise


def _cross_validate(
    config: "TrainConfig", folder: Path, folds: int, way: dict[str, Any], *, as_json: bool
) -> None:
    from splkit.train.folds import cross_validate, summary
    from splkit.train.going_on import kept_of_folds

    so_far = partial(kept_of_folds, folder, folds, way["cache"])
    with _resumable(so_far), progress("cross-validating", config.patients) as advance:
        metrics = cross_validate(config, folder, folds, advance, **way)
    for one in metrics:
        warn_weak(one.weakness)
    if as_json:
        print_json(json.dumps([one.model_dump(mode="json") for one in metrics], indent=2))
        return
    for number, one in enumerate(metrics, start=1):
        tested = f"{one.test.patients} patients, {one.data} potassium"
        out.print(f"{folder}/fold{number}: {one.test.text}, {tested}", soft_wrap=True)
    for name, (mean, spread) in summary(metrics).items():
        out.print(f"  {name}: {mean:.4f} +- {spread:.4f} (SD over {folds} folds)")
