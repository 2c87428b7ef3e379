"""What an estimate from 1, 2, 4 or 8 cycles is worth: its error, its interval and its alerts.

    python bench/cycle_counts.py [--model TFLITE] [--patients N] [--cycles NPZ] [--out TFLITE] [--json]

The validation and test patients of the bundled recipe, simulated and cut by the front end as it is (6 minutes
of CPU for all; --patients takes the first so many of each split). The corrections of each number of cycles
are those of the validation patients' means, and the figures are the test patients'. --cycles keeps the means
in a file, or takes them from it. --out writes the model with these corrections on its card: its network stays
the same. Simulated: no evidence of how well it does on patients.
"""

import json
from pathlib import Path
from typing import Final

import click

from splkit.commands.accuracy_table import counts_table
from splkit.console import out, progress
from splkit.progress import Advance
from splkit.quantize.card import ModelCard
from splkit.quantize.carried import card_for, with_card
from splkit.quantize.contract import POTASSIUM_PLAUSIBLE_MEQ_L
from splkit.quantize.reference import reference_model
from splkit.quantize.spread import Spread
from splkit.quantize.spread_counts import answers_to, with_counts
from splkit.quantize.spread_figures import with_figures
from splkit.train.cohort import split_of
from splkit.train.config import TrainConfig, load_recipe
from splkit.train.cycle_set import CycleSet, RecordMeans
from splkit.train.simulated import simulated_cuts

ROOT: Final = Path(__file__).parents[1]
RECIPE: Final = ROOT / "quantize" / "reference" / "recipe.toml"
SPLITS: Final = ("validation", "test")


def cut(config: TrainConfig, patients: int | None) -> CycleSet:
    """The means of the first so many patients of each split that training does not see."""
    numbers: list[int] = []
    for split in SPLITS:
        held_out = [each for each in range(config.patients) if split_of(each, config.patients, 0) == split]
        numbers += held_out[:patients]
    with progress("simulating", len(numbers)) as advance:
        parts = [_of_patient(number, config, advance) for number in numbers]
    return CycleSet.together(parts)


def _of_patient(number: int, config: TrainConfig, advance: Advance) -> CycleSet:
    first, records = number * config.records_per_patient, []
    for session, one in enumerate(simulated_cuts(number, config)):
        assert one.potassium_meq_l is not None
        records.append(RecordMeans(first + session, one.potassium_meq_l, one.means))
    advance(1)
    return CycleSet.of_patient(number, records, [config.lead])


def recalibrated(card: ModelCard, content: bytes, config: TrainConfig, cycles: CycleSet) -> Spread:
    """The card's spread with the corrections and figures that its network has on these cycles."""
    if card.spread is None:
        raise click.UsageError("a model without quantiles has one interval, whatever its means are of")
    validation, test = (cycles.split(split, config.patients, 0) for split in SPLITS)
    means = {beats: (validation.of_beats(beats), test.of_beats(beats)) for beats in sorted(config.beats)}
    with progress("answering", sum(len(each.patient) for pair in means.values() for each in pair)) as advance:
        answers = answers_to(means, content, card.offset, advance)
    whole = card.cycle.averaged_cycles
    of_whole = with_counts(card.spread, means, answers).of_cycles(whole)
    spread = with_figures(of_whole, answers[whole][1], means[whole][1], POTASSIUM_PLAUSIBLE_MEQ_L)
    return with_counts(spread, means, answers)


@click.command(help=__doc__)
@click.option("--model", type=click.Path(path_type=Path, exists=True), help="Of a card with quantiles.")
@click.option("--patients", type=click.IntRange(1), help="Of each split at most.")
@click.option("--cycles", "kept", type=click.Path(path_type=Path), help="File of the means.")
@click.option("--out", "written", type=click.Path(path_type=Path), help="The model with a card of these.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def main(
    model: Path | None, patients: int | None, kept: Path | None, written: Path | None, as_json: bool
) -> None:
    """Measure and print."""
    path, config = model or reference_model(), load_recipe(RECIPE)
    card, content = card_for(path), path.read_bytes()
    if kept and kept.exists():
        cycles = CycleSet.load(kept)
    else:
        cycles = cut(config, patients)
        if kept:
            cycles.save(kept)
    spread = recalibrated(card, content, config, cycles)
    if written:
        card = ModelCard.model_validate(card.model_dump() | {"spread": spread.model_dump()})
        written.write_bytes(with_card(content, card))
        card.save(written.with_suffix(".json"))
    if as_json:
        click.echo(json.dumps([each.model_dump() for each in spread.counts], indent=2))
        return
    out.print(counts_table(spread))
    out.print(f"{card.name}, trained on {card.trained_on}; test patients: simulated")


if __name__ == "__main__":
    main()
