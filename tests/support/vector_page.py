"""A 3x4 ECG with a strip as a PDF of lines, drawn by matplotlib at true size: another program's page."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splkit.optional import optional

ROWS = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
WIDTH_MM, HEIGHT_MM = 155.0, 135.0
LEFT_MM, TOP_MM, ROW_MM = 15.0, 112.0, 30.0
MM_PER_S, MM_PER_MV, COLUMN_S = 25.0, 10.0, 1.25
POINTS_PER_MM = 72 / 25.4


def write_vector_page(
    path: Path, leads: dict[str, NDArray[np.float64]], fs_hz: float, *, by_row: bool = False
) -> None:
    """Columns that follow each other, 25 mm/s, 10 mm/mV, a pulse at the left of each row.

    Each lead is a line of its own; `by_row`, the leads of a row are one line.
    """
    matplotlib: Any = optional("matplotlib", "PDFs of tests are drawn with matplotlib")
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"path.simplify": False}):
        figure = Figure(figsize=(WIDTH_MM / 25.4, HEIGHT_MM / 25.4))
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, WIDTH_MM), ylim=(0, HEIGHT_MM))
        axes.axis("off")
        _draw_grid(axes)
        for number, row in enumerate(ROWS):
            level = TOP_MM - number * ROW_MM
            _draw_pulse(axes, level)
            size = round(COLUMN_S * fs_hz)
            shown = [leads[lead][column * size : (column + 1) * size] for column, lead in enumerate(row)]
            for column, lead in enumerate(row):
                if not by_row:
                    _draw_trace(axes, shown[column], column * COLUMN_S, level, fs_hz)
                x = LEFT_MM + column * COLUMN_S * MM_PER_S + 1.5
                axes.text(x, level + 7, lead, fontsize=11, va="bottom")
            if by_row:
                _draw_trace(axes, np.concatenate(shown), 0.0, level, fs_hz)
        level = TOP_MM - 3 * ROW_MM
        _draw_pulse(axes, level)
        _draw_trace(axes, leads["II"][: round(4 * COLUMN_S * fs_hz)], 0.0, level, fs_hz)
        axes.text(LEFT_MM + 1.5, level + 7, "II", fontsize=11, va="bottom")
        FigureCanvasPdf(figure).print_pdf(path)


def _draw_grid(axes: Any) -> None:
    for step, width in ((1, 0.1), (5, 0.3)):
        options = {"color": (1.0, 0.6, 0.6), "linewidth": width * POINTS_PER_MM}
        for x in np.arange(5, WIDTH_MM - 4, step):
            axes.plot([x, x], [5, HEIGHT_MM - 5], **options)
        for y in np.arange(5, HEIGHT_MM - 4, step):
            axes.plot([5, WIDTH_MM - 5], [y, y], **options)


def _draw_pulse(axes: Any, level: float) -> None:
    x = np.array([-6.0, -6, -1, -1]) + LEFT_MM
    axes.plot(x, level + np.array([0, 10.0, 10, 0]), color="black", linewidth=0.35 * POINTS_PER_MM)


def _draw_trace(axes: Any, mv: NDArray[np.float64], start_s: float, level: float, fs_hz: float) -> None:
    x = LEFT_MM + (start_s + np.arange(len(mv)) / fs_hz) * MM_PER_S
    axes.plot(x, level + MM_PER_MV * mv, color="black", linewidth=0.35 * POINTS_PER_MM)
