"""How a page looks: everything that ECG machines and their users do differently."""

from dataclasses import dataclass
from typing import Literal, get_args

from splkit.errors import UsageError

LayoutName = Literal["3x4", "6x2", "12x1", "6x1", "3x5"]
Pulse = Literal["left", "right", "both", "none"]
Separator = Literal["bars", "dashes", "dots", "gaps", "none"]
LabelPlace = Literal["above", "below", "inside"]
GridKind = Literal["full", "5mm", "dotted", "none"]
Font = Literal["plotter", "sans", "bold", "dejavu", "serif", "mono"]
Rgb = tuple[int, int, int]

GRID_COLOURS: dict[str, tuple[Rgb, Rgb]] = {
    "red": ((226, 96, 96), (246, 196, 192)),
    "pink": ((240, 150, 160), (250, 214, 216)),
    "orange": ((232, 140, 80), (248, 210, 180)),
    "green": ((96, 176, 110), (190, 226, 194)),
    "blue": ((110, 150, 215), (200, 216, 242)),
    "grey": ((150, 150, 150), (208, 208, 208)),
    "black": ((70, 70, 70), (170, 170, 170)),
}
"""By name, the colours of the 5 mm lines and of the 1 mm lines."""

SPEEDS_MM_PER_S = (25.0, 50.0)
GAINS_MM_PER_MV = (5.0, 10.0, 20.0)
PX_PER_MM = (3.5, 16.0)
"""From a page faxed or photographed whole to a scan of 400 dpi."""
USUAL_WIDTH_MM = 250.0
"""What 10 s take at 25 mm/s; at 50 mm/s a machine shows 5 s on it."""


@dataclass(frozen=True)
class Style:
    """A page's look. Lengths are mm on the paper; x and y have scales of their own, as real pages do."""

    layout: LayoutName = "3x4"
    rhythm: tuple[str, ...] = ("II",)
    """Leads of the strips below, 0 to 3 of them; not with 12x1 and 6x1."""
    cabrera: bool = False
    """Limb leads in the order aVL, I, -aVR, II, aVF, III."""
    chest_only: bool = False
    """6x1 shows V1 to V6 instead of the limb leads."""
    columns_follow: bool = True
    """Each column goes on in time where the one before ends; otherwise all begin together."""
    mm_per_s: float = 25.0
    limb_mm_per_mv: float = 10.0
    chest_mm_per_mv: float = 10.0
    seconds: float | None = None
    """Of the whole row; as much as 250 mm show if left out."""
    px_per_mm_x: float = 8.0
    px_per_mm_y: float = 8.0
    left_mm: float = 12.0
    right_mm: float = 12.0
    top_mm: float = 42.0
    bottom_mm: float = 20.0
    row_mm: float | None = None
    """From one row's baseline to the next; by the layout if left out."""
    pulse: Pulse = "left"
    """Beside the first panel of a row, its last, or both: each with the gain of that panel."""
    pulse_mv: float = 1.0
    separator: Separator = "bars"
    gap_mm: float = 2.0
    """Between columns, with separator "gaps"."""
    label: LabelPlace = "above"
    font: Font = "sans"
    label_mm: float = 2.6
    """Height of capitals."""
    grid: GridKind = "full"
    grid_colour: str = "red"
    grid_framed: bool = False
    """The grid ends in a frame about the traces, instead of covering the page."""
    grid_mm: tuple[float, float] = (1.3, 3.1)
    """Where on the page, from its top left corner, two 5 mm lines cross: x and y below 5."""
    minor_width_mm: float = 0.12
    major_width_mm: float = 0.25
    paper: Rgb = (255, 255, 255)
    ink: Rgb = (20, 20, 24)
    stroke_mm: float = 0.3
    text_ink: Rgb = (20, 20, 24)
    header: int | None = 0
    """Which machine's header and footer; None for no text but the labels."""

    def __post_init__(self) -> None:
        for name, kind in _CHOICES.items():
            _require(
                getattr(self, name) in get_args(kind),
                f"{name} is one of {', '.join(get_args(kind))}",
                self,
                name,
            )
        _require(
            self.grid_colour in GRID_COLOURS,
            f"grid_colour is one of {', '.join(GRID_COLOURS)}",
            self,
            "grid_colour",
        )
        _require(len(self.rhythm) <= 3, "a page has at most 3 rhythm strips", self, "rhythm")
        _require(
            not (self.rhythm and self.layout in ("12x1", "6x1")),
            f"a {self.layout} page has no rhythm strip",
            self,
            "rhythm",
        )
        _require(not (self.chest_only and self.layout != "6x1"), "chest_only is for 6x1", self, "layout")
        for name in ("px_per_mm_x", "px_per_mm_y"):
            low, high = PX_PER_MM
            _require(low <= getattr(self, name) <= high, f"{name} is {low:g} to {high:g}", self, name)
        for name in _POSITIVE:
            value = getattr(self, name)
            _require(value is None or 0 < value < 1000, f"{name} is over 0 and below 1000", self, name)

    @property
    def shown_s(self) -> float:
        """Seconds of a whole row."""
        return self.seconds or USUAL_WIDTH_MM / self.mm_per_s

    def mm_per_mv(self, lead: str) -> float:
        """The gain of a lead: chest leads may have one of their own."""
        return self.chest_mm_per_mv if lead.startswith("V") else self.limb_mm_per_mv


_CHOICES = {
    "layout": LayoutName, "pulse": Pulse, "separator": Separator, "label": LabelPlace, "grid": GridKind,
    "font": Font,
}  # fmt: skip
_POSITIVE = (
    "mm_per_s", "limb_mm_per_mv", "chest_mm_per_mv", "seconds", "row_mm", "label_mm", "stroke_mm",
    "pulse_mv", "minor_width_mm", "major_width_mm", "left_mm", "right_mm", "top_mm", "bottom_mm", "gap_mm",
)  # fmt: skip


def _require(holds: bool, rule: str, style: Style, name: str) -> None:
    if not holds:
        raise UsageError(rule, found=f"{getattr(style, name)!r}", next_step="choose one that is")
