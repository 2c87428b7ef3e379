"""One HTML page in which a person checks a reading: page, traces, confidences, and the command to redo it."""

import base64
import shlex
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from splkit.ecg.paper.contracts import GOOD_CONFIDENCE, Digitized, Panel, Segment, Stroke
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.outputs.overlay import on_page, spans
from splkit.html import html_template

JPEG_QUALITY = 85
STEP = 2
"""Points of a trace that one drawn point stands for: traces come by half pixels."""
FIELDS = {
    "--layout": "layout",
    "--leads": "leads",
    "--speed": "mm/s",
    "--gain": "mm/mV",
    "--px-per-mm": "px/mm",
    "--corners": "corners",
}
"""Options that a person can put right, and what the form calls them."""


def review(digitized: Digitized, path: Path, page: int | None, out: Path, stated: Mapping[str, str]) -> bytes:
    """The page as UTF-8 HTML that needs no network.

    Args:
        digitized: the reading.
        path: the file that was read.
        page: its number in the file from 1, where that has several.
        out: the folder of results that the command is to write into.
        stated: options that were given, as they are written on the command line.
    """
    rgb = digitized.page.rgb
    _, jpeg = cv2().imencode(".jpg", rgb[:, :, ::-1], [cv2().IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    fields = {option: stated.get(option, "") for option in FIELDS}
    measured = _measured(digitized) | {option: text for option, text in fields.items() if text}
    head = ["splkit", "digitize", str(path.absolute()), "--out", str(out.absolute())]
    head += ["--page", str(page)] if page else []
    tail = ["--force", "--review"]
    words = [*head, *(word for pair in measured.items() for word in pair), *tail]
    grid = digitized.grid
    html = html_template("splkit.ecg.paper.outputs", "review.html.j2").render(
        title=digitized.page.source,
        facts=f"{digitized.layout.name}, {grid.px_per_mm_x:.2f} x {grid.px_per_mm_y:.2f} px/mm",
        width=rgb.shape[1],
        height=rgb.shape[0],
        picture=base64.b64encode(jpeg).decode(),
        panels=[
            _panel(stroke, segment, digitized)
            for stroke, segment in zip(digitized.strokes, digitized.segments, strict=True)
        ],
        notes=[*digitized.layout.notes, *digitized.notes],
        fields=[
            {"option": option, "label": label, "value": measured.get(option, "")}
            for option, label in FIELDS.items()
        ],
        head=head,
        tail=tail,
        command=shlex.join(words),
    )
    return html.encode()


def _measured(digitized: Digitized) -> dict[str, str]:
    """What was found, as options that state it; a scale that differs from lead to lead has none."""
    panels = digitized.layout.panels
    found = {
        "--layout": digitized.layout.name,
        "--leads": ",".join(panel.lead for panel in _row_by_row(panels)),
    }
    for option, values in (
        ("--speed", {panel.mm_per_s for panel in panels}),
        ("--gain", {panel.mm_per_mv for panel in panels}),
    ):
        if len(values) == 1:
            found[option] = f"{values.pop():g}"
    return found


def _row_by_row(panels: tuple[Panel, ...]) -> list[Panel]:
    """As `Hints.leads` has them: rows from the top, each from the left, strips last."""
    short = [panel for panel in panels if not panel.is_rhythm]
    strips = [panel for panel in panels if panel.is_rhythm]
    columns = len({round(panel.left) for panel in short})
    by_level = sorted(short, key=lambda panel: panel.baseline)
    rows = [by_level[at : at + columns] for at in range(0, len(by_level), max(columns, 1))]
    rows += [[panel] for panel in sorted(strips, key=lambda panel: panel.baseline)]
    return [panel for row in rows for panel in sorted(row, key=lambda panel: panel.left)]


def _panel(stroke: Stroke, segment: Segment, digitized: Digitized) -> dict[str, object]:
    panel, quality = stroke.panel, segment.quality
    ends = on_page(np.array([panel.left, panel.right]), np.full(2, panel.baseline), digitized).tolist()
    optional = (
        f"{each:.2f}" if each is not None else ""
        for each in (quality.strip_correlation, quality.einthoven_mv)
    )
    return {
        "name": f"{panel.lead}{' strip' if panel.is_rhythm else ''}",
        "is_good": quality.confidence >= GOOD_CONFIDENCE,
        "x1": round(ends[0][0], 1),
        "y1": round(ends[0][1], 1),
        "x2": round(ends[1][0], 1),
        "y2": round(ends[1][1], 1),
        "lines": _lines(stroke, digitized),
        "cells": [
            f"{segment.start_s:g}",
            f"{quality.confidence:.3f}",
            f"{quality.coverage:.0%}",
            f"{quality.hidden_ms:.0f}",
            f"{quality.residual:.3f}",
            *optional,
        ],
    }


def _lines(stroke: Stroke, digitized: Digitized) -> list[dict[str, str]]:
    known, made = np.isfinite(stroke.y), []
    for kind, shown in (("seen", known & stroke.seen), ("hidden", known & ~stroke.seen)):
        for first, end in spans(shown):
            pick = np.unique(np.r_[np.arange(first, end, STEP), min(end, len(known) - 1)])
            pick = pick[known[pick]]
            at = on_page(stroke.x[pick], stroke.y[pick], digitized)
            made.append({"kind": kind, "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in at.tolist())})
    return made
