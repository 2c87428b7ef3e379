"""Training runs side by side: networks, sizes, orders and leads, in float and in int8."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mode

import numpy as np

from splkit.errors import ModelError
from splkit.quantize.card import ModelCard
from splkit.train.baselines import Baseline, best
from splkit.train.config import TrainConfig
from splkit.train.folder import ClassifierRun, Run, load_run
from splkit.train.hyperkalemia import Detection
from splkit.train.metrics import Accuracy
from splkit.train.zoo import has_order

TESTED_ON = (
    "pairs", "lead", "seed", "patients", "records_per_patient", "record_s", "cycles_per_record",
    "input", "averaged_cycles", "fs_hz",
)  # fmt: skip
"""What of a configuration decides which ECGs a fold is tested on."""


@dataclass(frozen=True)
class Figure:
    """A mean over folds, and their standard deviation; None where there is but one."""

    mean: float
    sd: float | None

    @classmethod
    def over(cls, values: Sequence[float | None]) -> "Figure | None":
        """Of one value a fold; None where a fold has none."""
        known = [value for value in values if value is not None]
        if len(known) < len(values):
            return None
        return cls(float(np.mean(known)), float(np.std(known, ddof=1)) if len(known) > 1 else None)


@dataclass(frozen=True)
class Entry:
    """A run, or the folds of a cross-validation, on test patients.

    Attributes:
        name: its folder.
        model: family and size.
        order: of convolution, BatchNorm and ReLU; empty for a network without.
        data: whether the potassium was simulated or measured.
        lead: that was simulated or read; of real ECGs "-" where their table or their order chose it.
        parameters: of the float network.
        folds: how many runs it is.
        patients: test patients of all of them.
        mae_meq_l, r2, auc_5_5: of the float network; a classifier has the last alone.
        chance_auc: AUC of the chance of 5.5 mEq/L or more: a classifier's answer, or that behind estimates.
        chance_auc_95: of one run, its 95 % interval by patients.
        sensitivity, specificity: of an alert by that chance, from a threshold on that has a specificity of
            90 % on validation patients.
        baseline: the best simple estimate; of folds, the one that is best most often.
        gain_meq_l: its MAE less the float network's.
        int8_mae_meq_l: as the model card has it; None where a run was not quantized.
    """

    name: str
    model: str
    order: str
    data: str
    lead: str
    parameters: int
    folds: int
    patients: int
    mae_meq_l: Figure | None
    r2: Figure | None
    auc_5_5: Figure | None
    chance_auc: Figure | None
    chance_auc_95: tuple[float, float] | None
    sensitivity: Figure | None
    specificity: Figure | None
    baseline: str
    gain_meq_l: Figure | None
    int8_mae_meq_l: Figure | None


def compare_runs(folders: Iterable[Path]) -> tuple[list[Entry], list[str]]:
    """One entry a folder, and the settings in which the ECGs that they were tested on differ.

    Raises:
        ModelError: a folder is neither a finished run nor a finished cross-validation of this version.
    """
    runs = [_runs(folder) for folder in folders]
    configs = [each[0].config for each in runs]
    apart = [name for name in TESTED_ON if len({getattr(config, name) for config in configs}) > 1]
    if len({len(each) for each in runs}) > 1:
        apart.append("folds")
    return [_entry(each) for each in runs], apart


def _runs(folder: Path) -> list[Run | ClassifierRun]:
    folds = sorted(folder.glob("fold[1-5]"))
    return [load_run(one) for one in folds or [folder]]


def _entry(runs: list[Run | ClassifierRun]) -> Entry:
    config, tests = runs[0].config, [run.metrics.test for run in runs]
    estimated = [each if isinstance(each, Accuracy) else None for each in tests]
    beside = [_best_of(run) for run in runs]
    int8 = [_int8(run) for run in runs]
    told = [_told(run) for run in runs]
    points = [each.points[0] if each else None for each in told]
    only = told[0] if len(told) == 1 else None
    return Entry(
        name=str(runs[0].folder if len(runs) == 1 else runs[0].folder.parent),
        model=config.model,
        order=_order(config),
        data=config.data,
        lead=config.lead if config.pairs is None else config.pairs.channel or "-",
        parameters=runs[0].metrics.parameters,
        folds=len(runs),
        patients=sum(test.patients for test in tests),
        mae_meq_l=Figure.over([one.mae_meq_l if one else None for one in estimated]),
        r2=Figure.over([one.r2 if one else None for one in estimated]),
        auc_5_5=Figure.over(
            [test.auc_5_5 if isinstance(test, Accuracy) else test.auc.value for test in tests]
        ),
        chance_auc=Figure.over([one.auc.value if one else None for one in told]),
        chance_auc_95=(only.auc.low, only.auc.high) if only else None,
        sensitivity=Figure.over([one.sensitivity.value if one else None for one in points]),
        specificity=Figure.over([one.specificity.value if one else None for one in points]),
        baseline=mode([one.name for one in beside if one] or ["-"]),
        gain_meq_l=Figure.over([one.gain_meq_l if one else None for one in beside]),
        int8_mae_meq_l=Figure.over([None if one is None else one.mae_meq_l for one in int8]),
    )


def _best_of(run: Run | ClassifierRun) -> Baseline | None:
    if isinstance(run, ClassifierRun) or not run.metrics.baselines:
        return None
    return best(run.metrics.baselines)


def _told(run: Run | ClassifierRun) -> Detection | None:
    return run.metrics.test if isinstance(run, ClassifierRun) else run.metrics.hyperkalemia


def _order(config: TrainConfig) -> str:
    family = config.model.partition("_")[0]
    return config.order if has_order(family) else ""  # type: ignore[arg-type]


def _int8(run: Run | ClassifierRun) -> Accuracy | None:
    path = run.folder / f"{run.config.model}.json"
    try:
        metrics = ModelCard.load(path).metrics if path.is_file() else None
    except ModelError:
        return None
    return metrics.int8 if metrics else None
