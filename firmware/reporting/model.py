"""The sections about the model, and about its parity with the host."""

from typing import Final

from splkit.firmware.reporting.facts import Facts
from splkit.quantize.card import Metrics, ModelCard
from splkit.report.charts import bars_figure
from splkit.report.page import Section
from splkit.report.table import Cell, Interval, Table

ON_CORE: Final = "measured on a simulated Cortex-M4"


def model_section(facts: Facts) -> Section:
    """The model, what it was trained on, and how well it did."""
    manifest, card = facts.manifest, facts.card
    rows: dict[str, Cell] = {
        "model": card.name if card else manifest.model,
        "trained on": manifest.trained_on,
        "answer": f"{manifest.task}, {manifest.unit}",
        "plausible answers": f"{manifest.plausible.low:g} to {manifest.plausible.high:g} {manifest.unit}",
        "lead": manifest.lead or "not known",
        "input": f"means of {manifest.averaged_cycles} cycles of 0.9 s about the R peak",
        "refuses cycles unlike those of training": "yes" if manifest.distance else "no",
        "parameters": "not known" if card is None or card.parameters is None else f"{card.parameters:,}",
        "SHA-256": manifest.model_sha256,
        "board": manifest.board,
        "inference by": manifest.runtime,
        "compiler": manifest.compiler,
        "splkit": manifest.splkit,
    }
    text = ["The export, and the model in it."]
    if manifest.weakness:
        text.append(f"This model is no better than one answer to every ECG: {manifest.weakness}.")
    if facts.edited:
        text.append(f"Sources were changed after the export: {', '.join(facts.edited)}.")
    tables = [Table("model-facts", "Model and firmware.", ("what", "value"), tuple(rows.items()))]
    metrics = card.metrics if card else None
    if card is None or metrics is None:
        text.append("How well the model does is not known: its card has no figures.")
        return Section("model", "Model and data", tuple(text), tuple(tables))
    tables += _accuracy(card, metrics)
    bands = {band.name: band.mae_meq_l for band in card.bands}
    figure = bars_figure("model-bands", "Mean absolute error by potassium, mEq/L.", {"": bands}, form=".3f")
    origin = f"{metrics.data} potassium"
    return Section("model", "Model and data", tuple(text), tuple(tables), (figure,) if bands else (), origin)


def parity_section(facts: Facts) -> Section:
    """What was compared with the host's twins, bit for bit."""
    rows = tuple(
        (check.name, check.compared, check.mismatches, check.first or "none") for check in facts.checks
    )
    differing = sum(check.mismatches for check in facts.checks)
    said = (
        "Nothing differs." if not differing else f"{differing:,} items differ: this export is not to be used."
    )
    text = (
        "The firmware is held against its twins on the host, bit for bit: inference against TensorFlow Lite "
        f"Micro, the front end and the lines of the application against their numpy twins. {said}",
    )
    columns = ("check", "compared", "mismatches", "first difference")
    table = Table("parity-checks", "Parity. splkit verify compares more.", columns, rows)
    return Section("parity", "Parity with the host", text, (table,), (), ON_CORE)


def _accuracy(card: ModelCard, metrics: Metrics) -> list[Table]:
    entries = {"float32": metrics.float32, "int8, as on the device": metrics.int8}
    if metrics.mean_answer:
        entries["the mean as the answer to all"] = metrics.mean_answer
    columns = ("form", "MAE", "bias", "R2", "AUC at 5.5", "cycles", "patients")
    accuracy = tuple(
        (name, one.mae_meq_l, one.bias_meq_l, one.r2, one.auc_5_5, one.cycles, one.patients)
        for name, one in entries.items()
    )
    tables = [
        Table("model-accuracy", "On test patients, mEq/L, as the model card has it.", columns, accuracy)
    ]
    if metrics.baselines:
        gains = tuple(
            (one.name, one.test.mae_meq_l, Interval(one.gain_meq_l, one.gain_low_meq_l, one.gain_high_meq_l))
            for one in metrics.baselines
        )
        caption = (
            "Beside simple estimates of the same cycles, mEq/L; the interval is 95 %, patients drawn again."
        )
        tables.append(
            Table("model-baselines", caption, ("simple estimate", "MAE", "the network's gain"), gains)
        )
    if card.bands:
        bands = tuple(
            (one.name, one.cycles, one.true_meq_l, one.answer_meq_l, one.mae_meq_l) for one in card.bands
        )
        by_band = ("potassium", "cycles", "mean potassium", "mean answer", "MAE")
        tables.append(Table("model-by-band", "By potassium, mEq/L.", by_band, bands))
    return tables
