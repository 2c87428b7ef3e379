"""Trainings of a study that nobody trained: answers drawn at random, for what is made of them."""

import numpy as np

from splkit.study.trained import Trained
from splkit.train.checkpoint import Epoch
from splkit.train.config import TrainConfig
from splkit.train.folder import RunMetrics
from splkit.train.held_out import NETWORK, HeldOut
from splkit.train.hyperkalemia import Detection, OperatingPoint, Rate
from splkit.train.metrics import score


def drawn_training(seed: int, ecgs: int = 60, *, error: float = 0.5, records: int | None = None) -> Trained:
    """Two folds of `ecgs` ECGs in all, three a patient; the records are drawn from so many."""
    rng = np.random.default_rng(seed)
    potassium = np.round(rng.uniform(3, 8.5, records or ecgs), 1)
    record = np.sort(rng.permutation(records or ecgs)[:ecgs])
    true = potassium[record]
    answers = true + rng.normal(0, error, ecgs)
    estimates = {NETWORK: answers, "mean": np.full(ecgs, 5.0), "ridge": true * 0.5 + 2.5}
    tested = HeldOut(record.astype(np.int64), record // 3, true, estimates)
    scored = score(answers, true, tested.patient)
    rate = Rate(value=0.8, low=0.7, high=0.9)
    point = OperatingPoint(
        holds="specificity", threshold_permille=300, validation_sensitivity=0.8, validation_specificity=0.9,
        sensitivity=rate, specificity=rate,
    )  # fmt: skip
    told = Detection(
        cycles=ecgs, positive_cycles=9, patients=20, positive_patients=3, auc=rate, brier=0.1,
        mean_probability=0.2, points=(point, point),
    )  # fmt: skip
    metrics = RunMetrics(
        splkit_version="0", data="simulated", records=ecgs, used_records=ecgs, lead="V5",
        spl_offset_meq_l=5.0,
        parameters=1000 + seed, train_cycles=9, train_patients=3, test=scored, mean_answer=scored,
        best_epoch=2, hyperkalemia=told,
    )  # fmt: skip
    history = [Epoch(1, 1.5, 1.2), Epoch(2, 0.8, 0.9), Epoch(3, 0.5, 1.1)]
    return Trained(TrainConfig(), (metrics, metrics), (history, history), tested)
