"""What comes out: a row an ECG, a row an answer, and where there is potassium the measures and pictures."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from splkit import __version__
from splkit.ecg.frontend import Verdict
from splkit.errors import UsageError
from splkit.files import write_all
from splkit.folders import digest
from splkit.pictures import picture_bytes
from splkit.quantize.card import ModelCard
from splkit.quantize.estimates.inputs import Asked
from splkit.quantize.estimates.result import FAULT, EcgResult, Said, text_of
from splkit.quantize.spread import RISK_LEVELS_MEQ_L
from splkit.quantize.units import MILLI
from splkit.train.agreement import Measure, Pairs, measures
from splkit.train.agreement_picture import PICTURES, draw

ESTIMATES, ANSWERS, MEASURES, SUMMARY = "estimates.csv", "answers.csv", "measures.csv", "estimates.json"
FILES: Final = (ESTIMATES, ANSWERS, MEASURES, SUMMARY, *(f"{name}.png" for name in PICTURES))
NOTICE: Final = "For research; not a medical device."

Labels = Literal["measured", "simulated"]

_RISKS: Final = tuple(f"risk_{level:g}".replace(".", "_") for level in RISK_LEVELS_MEQ_L)
_COLUMNS: Final = (
    "record", "channel", "status", "estimate", "low", "high", *_RISKS, "unit", "averaged_cycles", "answers",
    "answers_none", "by", "beats", *(each.word for each in Verdict), "duration_s", "missing_s", "why",
    "note", "patient", "potassium_meq_l", "labels", "model", "trained_on",
)  # fmt: skip
_ANSWER_COLUMNS: Final = (
    "record", "channel", "at_s", "r_sample", "estimate", "low", "high", *_RISKS, "outputs", "why", "unit",
    "trained_on",
)  # fmt: skip
_MEASURE_COLUMNS: Final = (
    "measure", "value", "low_95", "high_95", "unit", "ecgs", "patients", "model", "trained_on", "labels",
)  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """All that was asked for, with its results.

    Attributes:
        asked: the ECGs and their rows.
        results: of each of `asked.ecgs`.
        card: of the model.
        labels: where the potassium of the tables comes from.
    """

    asked: Asked
    results: Sequence[EcgResult]
    card: ModelCard
    labels: Labels

    @property
    def counts(self) -> dict[str, int]:
        """ECGs by what became of them."""
        found = Counter(each.status for each in self.results)
        return {status: found[status] for status in ("estimate", "none", "failed")}

    @property
    def doubts(self) -> list[str]:
        """Rows whose potassium cannot be used, and why."""
        return [f"{row.record}: {row.doubt}" for row in self.asked.rows if row and row.doubt]

    @property
    def labelled(self) -> int:
        """Rows with potassium, those without an estimate among them."""
        return sum(row is not None and row.potassium_meq_l is not None for row in self.asked.rows)

    @property
    def unnamed(self) -> int:
        """Rows with potassium that name no patient: each counts as a patient of its own."""
        rows = [row for row in self.asked.rows if row and row.potassium_meq_l is not None]
        return sum(not row.patient for row in rows)

    @property
    def source(self) -> str:
        """What any figure must say: the model, what it was trained on, and where labels come from."""
        return f"{self.card.name}, trained on {self.card.trained_on}; labels: {self.labels} potassium"

    def pairs(self) -> Pairs | None:
        """Estimates beside the potassium of their rows; None where there is none, or another task."""
        found = [
            (result, row)
            for result, row in zip(self.results, self.asked.rows, strict=True)
            if row and row.potassium_meq_l is not None and result.value is not None
        ]
        if not found or self.card.task != "potassium":
            return None
        names = [row.patient or f"\0{number}" for number, (_, row) in enumerate(found)]
        has_ends = all(result.low is not None for result, _ in found)
        has_risks = all(result.risks for result, _ in found)
        level = RISK_LEVELS_MEQ_L[0]
        point = self.card.spread.alert_permille(level) / MILLI if self.card.spread else 0.5
        return Pairs(
            _floats(result.value for result, _ in found),
            _floats(row.potassium_meq_l for _, row in found),
            np.unique(names, return_inverse=True)[1].astype(np.int64),
            _floats(result.low for result, _ in found) if has_ends else None,
            _floats(result.high for result, _ in found) if has_ends else None,
            _floats(result.risks[0] for result, _ in found) if has_risks else None,
            point,
        )


def check_place(out: Path) -> None:
    """Raises `UsageError` where a file of `FILES` in a folder of results is not as splkit left it."""
    try:
        known = json.loads((out / SUMMARY).read_bytes())["files"]
    except (OSError, ValueError, LookupError, TypeError):
        known = {}
    for name in FILES:
        path = out / name
        is_ours = name == SUMMARY and bool(known)
        if path.exists() and not is_ours and (not path.is_file() or digest(path) != known.get(name)):
            raise UsageError(
                "results replace only what splkit made and nobody changed",
                found=f"{name} in {out}",
                next_step="move it elsewhere, or name another folder",
            )


def write_tables(out: Path, answered: Answered) -> dict[str, Any]:
    """Writes tables and pictures, and takes those away that there is nothing for any more.

    Returns:
        The summary, as `estimates.json` has it.

    Raises:
        UsageError: the folder cannot be written to.
        ToolError: matplotlib is not installed.
    """
    pairs = answered.pairs()
    found = measures(pairs) if pairs else ()
    files = {ESTIMATES: _estimates(answered), ANSWERS: _answers(answered)}
    if pairs:
        files[MEASURES] = _measures(answered, pairs, found)
        for name in PICTURES:
            files[f"{name}.png"] = picture_bytes(draw(name, pairs, found, answered.source), ".png")
    summary = _summary(answered, pairs, found, files)
    contents = files | {SUMMARY: (json.dumps(summary, indent=2) + "\n").encode()}
    write_all({out / name: content for name, content in contents.items()})
    for name in set(FILES) - set(contents):
        (out / name).unlink(missing_ok=True)
    return summary


def _estimates(answered: Answered) -> bytes:
    rows: list[Sequence[object]] = [_COLUMNS]
    card = answered.card
    for ecg, row, each in zip(answered.asked.ecgs, answered.asked.rows, answered.results, strict=True):
        risks = [f"{risk:.3f}" for risk in each.risks] or [""] * len(_RISKS)
        beats = [each.verdicts.get(verdict.word, 0) for verdict in Verdict]
        by = "" if each.value is None and not each.refused else "device" if each.by_device else "strip"
        said = (
            ecg.name,
            each.lead or ecg.channel or "",
            each.status,
            *map(_decimal, (each.value, each.low, each.high)),
        )
        used = (card.unit, each.beats_averaged, each.answers, each.refused, by, sum(beats), *beats)
        why = "; ".join(filter(None, (each.message, row.doubt if row else "")))
        truth = row.potassium_meq_l if row else None
        labelled = ("" if truth is None else f"{truth:g}", "" if truth is None else answered.labels)
        lasts = (
            _decimal(each.duration_s),
            _decimal(each.missing_s),
            why,
            each.note,
            row.patient if row else "",
        )
        rows.append((*said, *risks, *used, *lasts, *labelled, card.name, card.trained_on))
    return _csv(rows)


def _answers(answered: Answered) -> bytes:
    rows: list[Sequence[object]] = [_ANSWER_COLUMNS]
    card, done = answered.card, set()
    for ecg, each in zip(answered.asked.ecgs, answered.results, strict=True):
        if (ecg.path, ecg.channel) in done:
            continue  # it stands in several rows of a table
        done.add((ecg.path, ecg.channel))
        rows += [(ecg.name, each.lead, *_answer(said), card.unit, card.trained_on) for said in each.said]
    return _csv(rows)


def _answer(said: Said) -> tuple[object, ...]:
    why = ""
    if said.value is None:
        why = FAULT[said.unlike_percent is not None]
        why += f" {said.unlike_percent}" if said.unlike_percent is not None else ""
    values = map(text_of, (said.value, said.low, said.high))
    risks = map(text_of, said.risks or [None] * len(_RISKS))
    return (f"{said.at_s:.3f}", said.r_sample, *values, *risks, "/".join(map(str, said.outputs)), why)


def _measures(answered: Answered, pairs: Pairs, found: Sequence[Measure]) -> bytes:
    rows: list[Sequence[object]] = [_MEASURE_COLUMNS]
    counts = (len(pairs.true_meq_l), len(np.unique(pairs.patient)))
    said = (answered.card.name, answered.card.trained_on, answered.labels)
    for each in found:
        values = map(_decimal, (each.value, each.low, each.high))
        rows.append((each.name, *values, each.unit, *counts, *said))
    return _csv(rows)


def _summary(
    answered: Answered, pairs: Pairs | None, found: Sequence[Measure], files: Mapping[str, bytes]
) -> dict[str, Any]:
    card = answered.card
    return {
        "splkit": __version__,
        "notice": NOTICE,
        "model": card.name,
        "model_sha256": card.sha256,
        "trained_on": card.trained_on,
        "unit": card.unit,
        "labels": answered.labels if pairs else None,
        "ecgs": answered.counts,
        "left_out": [str(path) for path in answered.asked.left_out],
        "potassium_left_out": answered.doubts,
        "with_potassium": answered.labelled,
        "compared_ecgs": len(pairs.true_meq_l) if pairs else 0,
        "compared_patients": len(np.unique(pairs.patient)) if pairs else 0,
        "measures": [each._asdict() for each in found],
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }


def _csv(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _floats(values: Iterable[float | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(list(values), np.float64)
