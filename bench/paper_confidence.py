"""Fits the confidence of digitized segments (ecg/paper/trace/confidence.py) to pages whose signal is known.

    python bench/paper_confidence.py FOLDER [--drawn N] [--seed S] --rows FILE    reads pages, adds to FILE
    python bench/paper_confidence.py --fit FILE...                                prints the coefficients

A FOLDER is one of bench/paper.py; each of its pages is read clean and distorted. A row is a segment that was
read: its dB, and the features that `features` makes of its Quality. The fit is a logistic regression on "at
least 10 dB" with a ridge. The bias is then lowered until at most 1 in 200 of those called good is not, on
pages that the fit leaves out: one eighth of them at a time, a page's clean and distorted readings together.
"""

import argparse
import csv
from itertools import chain, zip_longest
from pathlib import Path

import numpy as np
from paper import _read
from paper_pages import CLEAN, DISTORTED, Drawn, Known, pages_of
from paper_score import Array, snr_db

from splkit.ecg.paper.contracts import GOOD_CONFIDENCE
from splkit.ecg.paper.digitize import digitize
from splkit.ecg.paper.trace.confidence import FEATURES, features
from splkit.errors import SplkitError

BAD_DB, BAD_SHARE, RIDGE, FOLDS = 10.0, 0.005, 1.0, 8
CALLED = float(np.log(GOOD_CONFIDENCE / (1 - GOOD_CONFIDENCE)))


def rows_of(known: Known | Drawn) -> list[list[object]]:
    """A row for each segment of a page that was read; none of a page that is refused."""
    case = known.load()
    try:
        digitized = digitize(case.page, case.hints)
    except SplkitError as error:
        print(f"{known.name}: refused: {error}"[:150], flush=True)
        return []
    truths = {(each.lead, each.is_rhythm): each for each in case.truths}
    rows: list[list[object]] = []
    for segment in digitized.segments:
        truth = truths.get((segment.lead, segment.is_rhythm))
        scored = snr_db(truth, _read(segment)) if truth and np.any(np.isfinite(segment.signal_mv)) else None
        db = scored[0] if scored else 0.0
        rows.append([known.name, segment.lead, round(db, 2), *np.round(features(segment.quality), 5)])
    return rows


def gather(asked: argparse.Namespace) -> None:
    """Reads the pages one after another and adds their rows to the file, so that it can be stopped."""
    clean, bent = pages_of(asked.folder, CLEAN), pages_of(asked.folder, DISTORTED)
    drawn = [Drawn(asked.seed + each) for each in range(asked.drawn)]
    with asked.rows.open("a", newline="") as file:
        for known in chain.from_iterable(zip_longest(bent, drawn, clean)):
            if known is not None:
                csv.writer(file).writerows(rows_of(known))
                file.flush()


def fit(paths: list[Path]) -> None:
    """Prints what confidence.py is to hold, and what it does on pages that it was not fitted to."""
    rows = [row for path in paths for row in csv.reader(path.open())]
    good = np.array([float(row[2]) >= BAD_DB for row in rows], dtype=float)
    x = np.array([[float(cell) for cell in row[3:]] for row in rows])
    pages = sorted({row[0] for row in rows})
    fold = np.array([pages.index(row[0]) % FOLDS for row in rows])
    unseen = np.zeros(len(rows))
    for each in range(FOLDS):
        unseen[fold == each] = x[fold == each] @ regress(x[fold != each], good[fold != each])
    weights = regress(x, good)
    lowered = lowered_by(unseen, good)
    weights[0] -= lowered
    taken = unseen - lowered >= CALLED
    print(f"{len(good)} segments of {len(pages)} pages, {int(np.sum(good == 0))} under {BAD_DB:g} dB")
    bad = int(np.sum(taken & (good == 0)))
    print(f"on pages left out of the fit {int(taken.sum())} called good, {bad} of them under {BAD_DB:g} dB")
    for name, weight in zip(FEATURES, weights, strict=True):
        print(f"    {weight:.3f},  # {name}")


def regress(x: Array, good: Array) -> Array:
    """Newton's steps of the logistic regression; the bias, which comes first, is free."""
    weights = np.zeros(x.shape[1])
    ridge = np.diag([0.0, *[RIDGE] * (x.shape[1] - 1)])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        curve = x.T @ (x * (p * (1 - p))[:, None]) + ridge + 1e-9 * np.eye(len(weights))
        weights += np.clip(np.linalg.solve(curve, x.T @ (good - p) - ridge @ weights), -2, 2)
    return weights


def lowered_by(logit: Array, good: Array) -> float:
    """By how much the bias is to be lowered until at most BAD_SHARE of those called good are not."""
    order = np.argsort(-logit)
    bad = np.cumsum(1 - good[order]) / (1 + np.arange(len(order)))
    enough = np.flatnonzero(bad <= BAD_SHARE)
    return max(0.0, float(logit[order][enough[-1]] if len(enough) else logit.max()) - CALLED)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--drawn", type=int, default=0)
    parser.add_argument("--seed", type=int, default=5000)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--fit", nargs="+", type=Path)
    asked = parser.parse_args()
    if asked.fit:
        fit(asked.fit)
    elif asked.folder and asked.rows:
        gather(asked)
    else:
        parser.error("name a FOLDER and --rows FILE, or --fit FILE...")


if __name__ == "__main__":
    main()
