"""A drawn page and its truth as files, in the form that scorers of digitized pages read."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.opencv import cv2
from splkit.ecg.paper.render.rendered import LeadSet, Rendered, Trace

_FINEST_PER_MV = 10_000
_MOST_COUNTS = 32_767


def page_paths(folder: Path, name: str) -> dict[str, Path]:
    """Where the files of one page go, by kind."""
    ends = {"png": "-0.png", "json": "-0.json", "csv": "-0.csv", "hea": ".hea", "dat": ".dat"}
    return {kind: folder / f"{name}{end}" for kind, end in ends.items()}


def page_files(page: Rendered, record: LeadSet, name: str) -> Mapping[str, bytes]:
    """The content of the files of one page, by kind.

    `png` is the page, `json` the place of every sample and all else that is known, `csv` the signal of every
    panel over time in mV, as `splkit digitize` would write it; `hea` and `dat` are the record as WFDB.
    """
    png = cv2().imencode(".png", np.ascontiguousarray(page.rgb[..., ::-1]))[1].tobytes()
    header, samples = _wfdb(record, name)
    return {
        "png": png,
        "json": (json.dumps(truth(page), separators=(",", ":")) + "\n").encode(),
        "csv": _csv(page).encode(),
        "hea": header.encode(),
        "dat": samples,
    }


def truth(page: Rendered) -> dict[str, Any]:
    """All that is known of a page; points are [y, x] in pixels, the centre of the first pixel is [0, 0]."""
    height, width = page.rgb.shape[:2]
    grid = page.grid
    return {
        "sampling_frequency": page.fs_hz,
        "width": width,
        "height": height,
        "source": page.source,
        "layout": page.layout.name,
        "leads": [_lead(trace, page) for trace in page.traces],
        "page_from_mm": grid.page_from_mm.tolist(),
        "px_per_mm": [grid.px_per_mm_x, grid.px_per_mm_y],
        "grid_residual_mm": grid.residual_mm,
        "labels": [
            {"text": label.text, "lead": label.lead, "box": [round(edge, 2) for edge in label.box]}
            for label in page.labels
        ],
        "style": asdict(page.style),
        "distortions": [list(step) for step in page.distortions],
    }


def off_page(trace: Trace, page: Rendered) -> float:
    """The share of a trace's samples that lie outside the picture, where nobody can read them."""
    x, y = trace.points.T
    height, width = page.rgb.shape[:2]
    inside = (x > -0.5) & (x < width - 0.5) & (y > -0.5) & (y < height - 0.5)
    return float(1 - inside.mean())


def _lead(trace: Trace, page: Rendered) -> dict[str, Any]:
    panel = trace.panel
    return {
        "lead_name": panel.lead,
        "is_rhythm": panel.is_rhythm,
        "start_sample": trace.first_sample,
        "end_sample": trace.first_sample + len(trace.signal_mv),
        "start_s": panel.start_s,
        "mm_per_s": panel.mm_per_s,
        "mm_per_mv": panel.mm_per_mv,
        "off_page": off_page(trace, page),
        "plotted_pixels": np.round(trace.points[:, ::-1], 3).tolist(),
    }


def _csv(page: Rendered) -> str:
    """Columns time, then the leads that are shown, empty where they are not."""
    names = [f"{t.panel.lead}_rhythm" if t.panel.is_rhythm else t.panel.lead for t in page.traces]
    length = max(trace.first_sample + len(trace.signal_mv) for trace in page.traces)
    table = np.full((length, len(names)), np.nan)
    for column, trace in enumerate(page.traces):
        table[trace.first_sample : trace.first_sample + len(trace.signal_mv), column] = trace.signal_mv
    rows = [f"# fs={page.fs_hz:g}", ",".join(["time", *names])]
    for index, row in enumerate(table.tolist()):
        cells = ("" if value != value else f"{value:.4f}" for value in row)
        rows.append(",".join([f"{index / page.fs_hz:.6g}", *cells]))
    return "\n".join(rows) + "\n"


def _wfdb(record: LeadSet, name: str) -> tuple[str, bytes]:
    """The record's header and its int16 samples: steps of 0.1 uV, or coarser where those do not hold it."""
    leads = [*TWELVE_LEADS, *(lead for lead in record.signals_mv if lead not in TWELVE_LEADS)]
    table = np.column_stack([record.signals_mv[lead] for lead in leads if lead in record.signals_mv])
    per_mv = min(_FINEST_PER_MV, int(_MOST_COUNTS / max(np.abs(table).max(), 1.0)))
    counts = np.round(per_mv * table).astype("<i2")
    lines = [f"{name} {counts.shape[1]} {record.fs_hz:g} {counts.shape[0]}"]
    for lead, column in zip(leads, counts.T, strict=True):
        checksum = int(column.astype(np.int64).sum()) & 0xFFFF
        checksum -= 0x10000 if checksum > _MOST_COUNTS else 0
        lines.append(f"{name}.dat 16 {per_mv}(0)/mV 16 0 {column[0]} {checksum} 0 {lead}")
    return "\n".join(lines) + "\n", counts.tobytes()
