"""An exported folder as one page: model, parity, memory, layers, energy, front end."""

from collections import Counter
from typing import Any, Final

import numpy as np

from splkit import __version__
from splkit.ecg.frontend import CYCLE_FS_HZ, R_INDEX, Verdict
from splkit.ecg.frontend.quantize import ONE_Q12
from splkit.firmware.reporting.cost import energy_section, layers_section, memory_section
from splkit.firmware.reporting.facts import Facts
from splkit.firmware.reporting.model import model_section, parity_section
from splkit.report.figure import COLOURS, QUIET, Figure, Panel
from splkit.report.page import Page, Section
from splkit.report.table import Cell, Table, csv_text

NOTICE: Final = "For research; not a medical device."
MOST_MEANS: Final = 12
"""Means that are drawn."""


def export_page(facts: Facts) -> Page:
    """The report of an export."""
    return Page(
        title=f"splkit export for {facts.manifest.board}",
        notice=f"{NOTICE} The model was trained on {facts.manifest.trained_on}.",
        sections=(
            model_section(facts),
            parity_section(facts),
            memory_section(facts),
            layers_section(facts),
            energy_section(facts),
            front_end_section(facts),
            _gaps(facts),
        ),
    )


def front_end_section(facts: Facts) -> Section:
    """What the front end found in a recording, and what it took for it."""
    manifest, trace, counted = facts.manifest, facts.trace, facts.profile.front_end
    rows: dict[str, Cell] = {
        "recording": facts.recording,
        "length": f"{facts.seconds:.1f} s",
        "sampling rate": f"{manifest.fs_hz} Hz",
        "a count": f"{manifest.uv_per_count:g} uV",
        "beats found": len(trace.r_sample),
        "means of cycles": len(trace.averaged),
    }
    if counted:
        rows["instructions a sample, mean"] = round(counted.mean_instructions)
        rows["instructions a sample, at most"] = counted.worst_instructions
    facts_table = Table(
        "front-end-facts", "The front end on a recording.", ("what", "value"), tuple(rows.items())
    )
    counts = Counter(Verdict(int(one)).word for one in trace.verdict)
    verdicts = Table(
        "front-end-verdicts",
        "Beats by verdict.",
        ("verdict", "beats"),
        tuple((one.word, counts[one.word]) for one in Verdict),
    )
    origin = f"measured on the recording {facts.recording.partition(':')[0]}"
    figures = (_means_figure(trace.averaged[:MOST_MEANS]),) if len(trace.averaged) else ()
    return Section("front-end", "Front end", (), (facts_table, verdicts), figures, origin)


def _means_figure(averaged: Any) -> Figure:
    time_s = (np.arange(averaged.shape[1]) - R_INDEX) / CYCLE_FS_HZ
    cycles = averaged / ONE_Q12

    def draw(axes: Any) -> None:
        axes.axhline(0, color=QUIET, linewidth=0.8)
        axes.plot(time_s, cycles.T, color=COLOURS[0], linewidth=1, alpha=0.6)
        axes.set(xlabel="time from the R peak (s)", ylabel="R amplitudes")

    rows: list[list[Cell]] = [
        [number, float(at), float(value)]
        for number, cycle in enumerate(cycles, start=1)
        for at, value in zip(time_s, cycle, strict=True)
    ]
    caption = f"The first means of cycles, {len(cycles)} of them, as the model gets them."
    return Figure(
        "front-end-means", caption, (Panel("", draw),), csv_text(["mean", "s", "R amplitudes"], rows)
    )


def _gaps(facts: Facts) -> Section:
    rows: list[tuple[Cell, ...]] = [
        (
            "time, current and energy on a board",
            "none was connected; instructions are counted in a simulator",
        ),
        ("interrupts, ADC, radio", "splkit simulate --engine renode runs the whole firmware"),
        ("accuracy on real patients", "the model card has what was measured when the model was made"),
    ]
    if facts.card is None:
        rows.append(("accuracy", "the export has no model card"))
    table = Table("not-measured", "Not measured in this report.", ("what", "why"), tuple(rows))
    versions = Table("versions", "Versions.", ("what", "version"), (("splkit, of this report", __version__),))
    return Section("gaps", "What was not measured", (), (table, versions))
