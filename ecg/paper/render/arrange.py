"""Which lead goes where: rows and columns of each layout, in mm on the paper."""

from dataclasses import dataclass

from splkit.ecg.leads import TWELVE_LEADS
from splkit.ecg.paper.render.style import Style

LIMB, CHEST = TWELVE_LEADS[:6], TWELVE_LEADS[6:]
CABRERA = ("aVL", "I", "-aVR", "II", "aVF", "III")
EXTRA = ("V4R", "V8", "V9")
ROW_MM = {"3x4": 32.0, "3x5": 34.0, "6x2": 24.0, "6x1": 26.0, "12x1": 15.0}
PULSE_S, PULSE_FOOT_MM = 0.2, 1.5
"""Length of the calibration pulse, and of the foot on each side of it."""


@dataclass(frozen=True)
class Place:
    """A panel on the paper. `mm_per_mv` is negative where the lead is drawn upside down."""

    lead: str
    shown_as: str
    is_rhythm: bool
    row: int
    column: int
    left_mm: float
    baseline_mm: float
    start_s: float
    seconds: float
    mm_per_mv: float


def places(style: Style) -> tuple[Place, ...]:
    """All panels, row by row."""
    columns = _columns(style)
    rows = len(columns[0])
    found = []
    for row in range(rows):
        for column, leads in enumerate(columns):
            found.append(_place(style, leads[row], row, column, len(columns)))
    found += [_place(style, lead, rows + index, None, 1) for index, lead in enumerate(style.rhythm)]
    return tuple(found)


def traces_left_mm(style: Style) -> float:
    """Where the first column begins."""
    return style.left_mm + (pulse_mm(style) if style.pulse in ("left", "both") else 0.0)


def pulse_mm(style: Style) -> float:
    """Width of the calibration pulse with its feet."""
    return PULSE_S * style.mm_per_s + 2 * PULSE_FOOT_MM


def row_width_mm(style: Style) -> float:
    """From the first column's start to the last one's end."""
    return style.shown_s * style.mm_per_s + _gap_mm(style) * (len(_columns(style)) - 1)


def page_mm(style: Style) -> tuple[float, float]:
    """Width and height of the paper."""
    rows = 1 + max(place.row for place in places(style))
    right = style.right_mm + (pulse_mm(style) if style.pulse in ("right", "both") else 0.0)
    width = traces_left_mm(style) + row_width_mm(style) + right
    return width, style.top_mm + (rows - 1) * row_mm(style) + style.bottom_mm


def row_mm(style: Style) -> float:
    """From one baseline to the next."""
    return style.row_mm or ROW_MM[style.layout]


def layout_name(style: Style) -> str:
    """As `Layout.name` has it: "3x4+1", "6x2 Cabrera"."""
    strips = f"+{len(style.rhythm)}" if style.rhythm else ""
    return f"{style.layout}{strips}{' Cabrera' if style.cabrera else ''}"


def _columns(style: Style) -> tuple[tuple[str, ...], ...]:
    limb = CABRERA if style.cabrera else LIMB
    match style.layout:
        case "3x4":
            return limb[:3], limb[3:], CHEST[:3], CHEST[3:]
        case "3x5":
            return limb[:3], limb[3:], CHEST[:3], CHEST[3:], EXTRA
        case "6x2":
            return limb, CHEST
        case "6x1":
            return (CHEST if style.chest_only else limb,)
        case "12x1":
            return ((*limb, *CHEST),)


def _gap_mm(style: Style) -> float:
    return style.gap_mm if style.separator == "gaps" else 0.0


def _place(style: Style, shown_as: str, row: int, column: int | None, columns: int) -> Place:
    """`column` is None for a rhythm strip, which is as wide as all columns and their gaps."""
    is_rhythm = column is None
    column = column or 0
    seconds = style.shown_s / columns
    left_mm = traces_left_mm(style) + column * (seconds * style.mm_per_s + _gap_mm(style))
    lead = shown_as.removeprefix("-")
    return Place(
        lead=lead,
        shown_as=shown_as,
        is_rhythm=is_rhythm,
        row=row,
        column=column,
        left_mm=left_mm,
        baseline_mm=style.top_mm + row * row_mm(style),
        start_s=column * seconds if style.columns_follow else 0.0,
        seconds=seconds,
        mm_per_mv=style.mm_per_mv(lead) * (-1.0 if shown_as.startswith("-") else 1.0),
    )
