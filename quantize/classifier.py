"""From a classifier's run to an int8 model, as it was trained; its alert is chosen on what it answers."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from splkit import __version__
from splkit.progress import Advance
from splkit.quantize.card import Discrimination, ModelCard
from splkit.quantize.carried import network_sha256
from splkit.quantize.contract import CycleContract, name_of
from splkit.quantize.convert import convert_model
from splkit.quantize.deviation import estimate_int8, noise_on
from splkit.quantize.distance_fit import fit_distance, with_refused
from splkit.quantize.facts import ends
from splkit.quantize.finetune import representative
from splkit.train.classifier import probabilities
from splkit.train.cycle_set import CycleSet
from splkit.train.folder import ClassifierRun
from splkit.train.hyperkalemia import PERMILLE, detection


class Converted(NamedTuple):
    """An int8 classifier.

    Attributes:
        content: the .tflite without its card.
        card: of it.
        difference: of its probability from the float model's, on each test cycle, float64[n].
    """

    content: bytes
    card: ModelCard
    difference: NDArray[np.float64]


def convert_classifier(run: ClassifierRun, name: str, advance: Advance) -> Converted:
    """The int8 model of a run, and its card. `advance` counts validation and test cycles.

    The threshold is chosen anew, on the int8 model's answers to the validation patients.

    Raises:
        ModelError: it cannot be converted.
    """
    model, test, validation = run.model(), run.cycles("test"), run.cycles("validation")
    content = convert_model(model, representative(run))
    on_validation, on_test = (in_permille(content, each, advance) for each in (validation, test))
    told = detection(on_validation, validation, on_test, test)
    assert told is not None  # a run has both classes in every split
    difference = on_test - probabilities(model, test)
    source, sink = ends(content)
    distance = fit_distance(run.cycles("train"))
    card = ModelCard(
        name=name_of(name),
        sha256=network_sha256(content),
        cycle=CycleContract.of(run.config.window, run.config.averaged_cycles),
        input=source,
        output=sink,
        task="probability",
        positive_spl_meq_l=told.positive_meq_l,
        alert_threshold=told.points[0].threshold_permille / PERMILLE,
        lead=run.metrics.lead,
        trained_on=f"{run.metrics.data} potassium ({run.metrics.train_patients} patients)",
        metrics=None,
        discrimination=Discrimination(
            data=run.metrics.data,
            float32=run.metrics.test,
            int8=told,
            mean_abs_difference=round(float(np.abs(difference).mean()), 4),
            max_abs_difference=round(float(np.abs(difference).max()), 4),
            noise_db=noise_on(test, content, model),
        ),
        distance=with_refused(distance, [validation], test) if distance else None,
        method="ptq",
        order=run.config.order,
        parameters=run.metrics.parameters,
        seed=run.config.seed,
        splkit_version=__version__,
    )
    return Converted(content, card, difference)


def in_permille(content: bytes, cycles: CycleSet, advance: Advance) -> NDArray[np.float64]:
    """The probability that a device says of cycles, float64[n]: whole thousandths, as it is compared."""
    answered = estimate_int8(content, cycles.averaged, 0.0, advance)[:, 0]
    return np.asarray(np.floor(answered * PERMILLE + 0.5) / PERMILLE, np.float64)
