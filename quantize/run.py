"""From a run folder to an int8 model with its card and its picture."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit import __version__
from splkit.errors import UsageError
from splkit.files import place_taken, taking, write_all
from splkit.folders import scratch_folder
from splkit.made import add_made
from splkit.pictures import check_picture
from splkit.progress import Advance, ignore_progress, stage
from splkit.quantize.card import Method, Metrics, ModelCard
from splkit.quantize.carried import network_sha256, with_card
from splkit.quantize.classifier import convert_classifier
from splkit.quantize.contract import POTASSIUM_PLAUSIBLE_MEQ_L, CycleContract, name_of
from splkit.quantize.convert import convert_model
from splkit.quantize.deviation import Int8, estimate_int8, judge
from splkit.quantize.distance_fit import measured_distance
from splkit.quantize.facts import ends
from splkit.quantize.interval import conformal_interval
from splkit.quantize.picture import draw_conversions
from splkit.quantize.priors import measured_priors, priors_patients
from splkit.quantize.spread import Spread, corrections
from splkit.quantize.spread_counts import Means, answers_to, means_of_run, with_counts
from splkit.quantize.spread_figures import with_figures
from splkit.train.baselines import baselines
from splkit.train.config import FineTune, TrainConfig
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import FINE_TUNED, ClassifierRun, Run, load_run
from splkit.train.metrics import score, score_bands
from splkit.train.run import estimate

MOST_WORSE_MEQ_L: Final = 0.005
"""Fine-tuning follows the float answers more closely, which is worth a hundredth of a usual error, 0.5."""


class Outputs(NamedTuple):
    """The files that quantization writes, all of them or none."""

    model: Path
    card: Path
    picture: Path

    @classmethod
    def beside(cls, model: Path, picture: Path | None = None) -> "Outputs":
        """The card and the picture lie beside the model unless the picture has a place of its own."""
        return cls(model, model.with_suffix(".json"), picture or model.with_suffix(".png"))


class _Answered(NamedTuple):
    """A converted model, its spread where it answers quantiles, and its estimates, float64[n] each."""

    candidate: Int8
    spread: Spread | None
    validation_meq_l: NDArray[np.float64]
    test_meq_l: NDArray[np.float64]


def quantize_run(
    run_dir: Path,
    outputs: Outputs,
    advance: Advance = ignore_progress,
    *,
    method: Method | None = None,
    fine_tune: FineTune | None = None,
    overwrite: bool = False,
) -> ModelCard:
    """Convert a run's model to int8, put it beside the float one under the oracle, and write `outputs`.

    With `qat`, the run is fine-tuned. Post-training quantization is measured beside it, and becomes the model
    where fine-tuning `harms`. `advance` adds up to `quantize_steps` of the same run, method and settings.

    Args:
        run_dir: a finished run.
        outputs: the files to write.
        advance: progress.
        method: how to get to int8: `qat` where None, `ptq` of a classifier, which has no other.
        fine_tune: settings of the fine-tuning, those of the run where None.
        overwrite: replace files that are there.

    Raises:
        UsageError: a file is there already, or its name does not say .tflite or a kind of picture.
        ModelError: the folder is no finished run, or its model cannot be converted.
        ToolError: TensorFlow, tflite-micro or matplotlib is not installed.
    """
    _check_names(outputs)
    run = load_run(run_dir)
    way = method_of(run.config, method)
    with place_taken(run_dir.resolve() / FINE_TUNED), taking(*outputs, force=overwrite):
        _refuse_others(outputs)
        if isinstance(run, ClassifierRun):
            card = _quantize_classifier(run, outputs, advance)
        else:
            card = _quantize(run, outputs, advance, way, fine_tune or run.config.fine_tune)
        add_made(run_dir, [*outputs, *(run_dir / FINE_TUNED).glob("*")])
    return card


def _quantize(run: Run, outputs: Outputs, advance: Advance, method: Method, fine_tune: FineTune) -> ModelCard:
    offset_meq_l, test, validation = (
        run.metrics.spl_offset_meq_l, run.cycles("test"), run.cycles("validation"),
    )  # fmt: skip
    as_float = estimate(run.model(), test, offset_meq_l)[:, run.config.median]
    candidates = [
        _answered(one, run, validation, test, advance) for one in _candidates(run, method, fine_tune, advance)
    ]
    conversions = tuple(judge(one.candidate, test, as_float, one.test_meq_l) for one in candidates)
    off = [np.abs(one.validation_meq_l - validation.potassium_meq_l) for one in candidates]
    number = 0 if harms(off[-1] - off[0], validation.patient) else -1
    chosen, conversion = candidates[number], conversions[number]
    content, as_int8 = chosen.candidate.content, chosen.test_meq_l
    spread = chosen.spread and _counted(chosen.spread, content, run, advance)
    source, sink = ends(content)
    interval = None if spread else conformal_interval(
        validation.potassium_meq_l, chosen.validation_meq_l, test.potassium_meq_l, as_int8
    )  # fmt: skip
    distance = measured_distance(run, as_int8)
    card = ModelCard(
        name=name_of(outputs.model.stem),
        sha256=network_sha256(content),
        cycle=CycleContract.of(run.config.window, run.config.averaged_cycles),
        input=source,
        output=sink,
        task="potassium",
        offset=offset_meq_l,
        lead=run.metrics.lead,
        trained_on=f"{run.metrics.data} potassium ({run.metrics.train_patients} patients)",
        metrics=Metrics(
            data=run.metrics.data,
            float32=score(as_float, test.potassium_meq_l, test.patient),
            int8=conversion.int8,
            mean_answer=run.metrics.mean_answer,
            baselines=baselines(run.cycles("train"), validation, test, as_int8),
            mean_abs_difference_meq_l=conversion.mean_abs_difference_meq_l,
            max_abs_difference_meq_l=conversion.max_abs_difference_meq_l,
        ),
        interval=interval,
        spread=spread,
        bands=score_bands(as_int8, test.potassium_meq_l),
        personal=measured_priors(content, offset_meq_l, interval or spread, run.config, advance, distance),
        distance=distance,
        method=chosen.candidate.method,
        conversions=conversions,
        order=run.config.order,
        parameters=run.metrics.parameters,
        seed=run.config.seed,
        splkit_version=__version__,
    )
    difference = {str(one.candidate.method): one.test_meq_l - as_float for one in candidates}
    noise_db = {str(one.method): one.noise_db for one in conversions}
    _write(
        content, card, outputs, lambda path: draw_conversions(difference, noise_db, _title(card, run), path)
    )
    return card


def _quantize_classifier(run: ClassifierRun, outputs: Outputs, advance: Advance) -> ModelCard:
    content, card, difference = convert_classifier(run, outputs.model.stem, advance)
    assert card.discrimination is not None
    apart = {str(card.method): difference}
    noise_db = {str(card.method): card.discrimination.noise_db}
    _write(
        content,
        card,
        outputs,
        lambda path: draw_conversions(apart, noise_db, _title(card, run), path, "probability"),
    )
    return card


def _title(card: ModelCard, run: Run | ClassifierRun) -> str:
    return f"{card.name}, {run.metrics.data} potassium"


def _write(content: bytes, card: ModelCard, outputs: Outputs, draw: Callable[[Path], None]) -> None:
    with scratch_folder() as scratch:
        made = Outputs.beside(scratch / "made.tflite", scratch / f"made{outputs.picture.suffix}")
        made.model.write_bytes(with_card(content, card))
        card.save(made.card)
        draw(made.picture)
        _put(made, outputs)


def method_of(config: TrainConfig, asked: Method | None) -> Method:
    """How a run gets to int8. Raises `UsageError` where fine-tuning is asked for of a classifier."""
    if config.is_classifier and asked == "qat":
        raise UsageError(
            "a classifier is converted as it was trained: fine-tuning follows estimates in mEq/L",
            found=f"--method qat for {config.model}",
            next_step="leave it out",
        )
    return asked or ("ptq" if config.is_classifier else "qat")


def harms(worse_meq_l: NDArray[np.float64], patient: NDArray[np.int64]) -> bool:
    """Whether fine-tuning made errors larger: by more than `MOST_WORSE_MEQ_L`, and beyond chance.

    Args:
        worse_meq_l: by how much the error of each validation cycle grew, float64[n].
        patient: whose cycle it is, int64[n]; chance is twice the standard error of the patients' means.
    """
    _, at = np.unique(patient, return_inverse=True)
    by_patient = np.bincount(at, worse_meq_l) / np.bincount(at)
    if len(by_patient) < 2:
        return False
    chance = 2 * float(by_patient.std(ddof=1)) / len(by_patient) ** 0.5
    return bool(by_patient.mean() > max(MOST_WORSE_MEQ_L, chance))


def quantize_steps(run_dir: Path, method: Method | None = None, fine_tune: FineTune | None = None) -> int:
    """What the `advance` of `quantize_run` adds up to: cycles scored, patients an epoch and seen again."""
    run = load_run(run_dir)
    method = method_of(run.config, method)
    answered = sum(len(run.cycles(split).patient) for split in ("test", "validation"))
    if isinstance(run, ClassifierRun):
        return answered
    once = len(priors_patients(run.config)) + (_size(means_of_run(run)) if run.config.quantiles else 0)
    if method == "ptq":
        return answered + once
    return 2 * answered + once + run.config.patients * (fine_tune or run.config.fine_tune).epochs


def _candidates(run: Run, method: Method, fine_tune: FineTune, advance: Advance) -> Iterator[Int8]:
    """The run converted after training, and, if asked for, with fine-tuning, which comes last."""
    from splkit.quantize.finetune import fine_tuned, representative

    model, cycles = run.model(), representative(run)
    yield Int8("ptq", convert_model(model, cycles), model)
    if method == "qat":
        trained = fine_tuned(run, fine_tune, advance)
        yield Int8("qat", convert_model(trained.model, cycles, trained.ranges), trained.model)


def _answered(candidate: Int8, run: Run, validation: CycleSet, test: CycleSet, advance: Advance) -> _Answered:
    """What a device with this candidate would say of the validation and the test cycles."""
    stage(advance, f"{candidate.method} answers", len(validation.patient) + len(test.patient), "cycles")
    validated, tested = (
        estimate_int8(candidate.content, cycles.averaged, run.metrics.spl_offset_meq_l, advance)
        for cycles in (validation, test)
    )
    if not run.config.quantiles:
        return _Answered(candidate, None, validated[:, 0], tested[:, 0])
    permille = tuple(round(1000 * each) for each in run.config.quantiles)
    fitted = corrections(permille, validated, validation.potassium_meq_l)
    spread = with_figures(
        Spread(permille=permille, correction_meq_l=fitted), tested, test, POTASSIUM_PLAUSIBLE_MEQ_L
    )
    return _Answered(candidate, spread, *(spread.estimates_meq_l(each) for each in (validated, tested)))


def _counted(spread: Spread, content: bytes, run: Run, advance: Advance) -> Spread:
    means = means_of_run(run)
    stage(advance, "answers by number of cycles", _size(means), "means")
    return with_counts(spread, means, answers_to(means, content, run.metrics.spl_offset_meq_l, advance))


def _size(means: Means) -> int:
    return sum(len(each.patient) for pair in means.values() for each in pair)


def _check_names(outputs: Outputs) -> None:
    if outputs.model.suffix != ".tflite":
        raise UsageError(
            "an int8 model goes into a .tflite file", found=str(outputs.model), next_step="choose such a name"
        )
    check_picture(outputs.picture)


def _refuse_others(outputs: Outputs) -> None:
    """Nobody has named the files beside the model: even --force replaces them with their model alone."""
    beside = Outputs.beside(outputs.model)
    others = [path for path in outputs[1:] if path in beside and path.exists()]
    if others and not outputs.model.exists():
        raise UsageError(
            "--force replaces a model together with its card and its picture",
            found=f"{others[0]} without {outputs.model.name}",
            next_step="move it elsewhere, or choose another name",
        )


def _put(made: Outputs, places: Outputs) -> None:
    write_all({place: source.read_bytes() for source, place in zip(made, places, strict=True)})
