"""What comes out: a row an ECG, a row an answer, and where there is potassium the measures and pictures."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from splkit import __version__
from splkit.ecg.frontend import Verdict
from splkit.errors import UsageError
from splkit.files import write_all
from splkit.folders import digest
from splkit.pictures import picture_bytes
from splkit.quantize.card import ModelCard
from splkit.quantize.estimates.inputs import Asked, Ecg
from splkit.quantize.estimates.result import EcgResult, Said
from splkit.quantize.estimates.table import Row
from splkit.quantize.spread import RISK_LEVELS_MEQ_L
from splkit.quantize.units import MILLI
from splkit.train.agreement import Measure, Pairs, measures
from splkit.train.agreement_picture import PICTURES, draw
from splkit.train.config import Labels

ESTIMATES, ANSWERS, MEASURES, SUMMARY = "estimates.csv", "answers.csv", "measures.csv", "estimates.json"
FILES: Final = (ESTIMATES, ANSWERS, MEASURES, SUMMARY, *(f"{name}.png" for name in PICTURES))
NOTICE: Final = "For research; not a medical device."

Cells = dict[str, object]
"""Of one row, by column."""

_RISKS: Final = tuple(f"risk_{level:g}".replace(".", "_") for level in RISK_LEVELS_MEQ_L)
_ANSWER_COLUMNS: Final = (
    "record", "channel", "at_s", "r_sample", "averaged_cycles", "estimate", "low", "high", *_RISKS, "outputs",
    "why", "unit", "trained_on",
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
    rows = [
        _of_ecg(answered, ecg, row, each)
        for ecg, row, each in zip(answered.asked.ecgs, answered.asked.rows, answered.results, strict=True)
    ]
    return _csv([*rows[0]], rows)


def _of_ecg(answered: Answered, ecg: Ecg, row: Row | None, each: EcgResult) -> Cells:
    card, truth = answered.card, row.potassium_meq_l if row else None
    said_something = each.answers or each.refused
    return {
        "record": ecg.name,
        "channel": each.lead or ecg.channel or "",
        "status": each.status,
        "estimate": _decimal(each.value),
        "low": _decimal(each.low),
        "high": _decimal(each.high),
        **_by_level(map(_decimal, each.risks)),
        "unit": card.unit,
        "averaged_cycles": each.beats_averaged,
        "answers": each.answers,
        "answers_none": each.refused,
        "by": ("device" if each.by_device else "strip") if said_something else "",
        "beats": sum(each.verdicts.values()),
        **{verdict.word: each.verdicts.get(verdict.word, 0) for verdict in Verdict},
        "duration_s": _decimal(each.duration_s),
        "missing_s": _decimal(each.missing_s),
        "why": "; ".join(filter(None, (each.message, row.doubt if row else ""))),
        "note": each.note,
        "patient": row.patient if row else "",
        "potassium_meq_l": "" if truth is None else f"{truth:g}",
        "labels": "" if truth is None else answered.labels,
        "model": card.name,
        "trained_on": card.trained_on,
    }


def _answers(answered: Answered) -> bytes:
    once = {
        (ecg.path, ecg.channel): (ecg, each)
        for ecg, each in zip(answered.asked.ecgs, answered.results, strict=True)
    }  # an ECG may stand in several rows of a table
    rows = [_of_answer(answered.card, ecg, each, said) for ecg, each in once.values() for said in each.said]
    return _csv(_ANSWER_COLUMNS, rows)


def _of_answer(card: ModelCard, ecg: Ecg, each: EcgResult, said: Said) -> Cells:
    unlike = said.unlike_percent
    fault = "implausible" if unlike is None else f"unlike {unlike}"
    return {
        "record": ecg.name,
        "channel": each.lead,
        "at_s": _decimal(said.at_s),
        "r_sample": said.r_sample,
        "averaged_cycles": said.cycles,
        "estimate": _from_milli(said.value),
        "low": _from_milli(said.low),
        "high": _from_milli(said.high),
        **_by_level(map(_from_milli, said.risks)),
        "outputs": "/".join(map(str, said.outputs)),
        "why": fault if said.value is None else "",
        "unit": card.unit,
        "trained_on": card.trained_on,
    }


def _measures(answered: Answered, pairs: Pairs, found: Sequence[Measure]) -> bytes:
    rows: list[Cells] = [
        {
            "measure": each.name,
            "value": _decimal(each.value),
            "low_95": _decimal(each.low),
            "high_95": _decimal(each.high),
            "unit": each.unit,
            "ecgs": len(pairs.true_meq_l),
            "patients": len(np.unique(pairs.patient)),
            "model": answered.card.name,
            "trained_on": answered.card.trained_on,
            "labels": answered.labels,
        }
        for each in found
    ]
    return _csv([*rows[0]], rows)


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
        "interval_percent": card.coverage_percent or None,
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


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> bytes:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue().encode()


def _by_level(risks: Iterable[str]) -> dict[str, str]:
    """Risks by their columns; "" of a model without any."""
    return dict.fromkeys(_RISKS, "") | dict(zip(_RISKS, risks, strict=False))


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _from_milli(value: int | None) -> str:
    return "" if value is None else f"{value / MILLI:.3f}"


def _floats(values: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array(list(values), np.float64)
