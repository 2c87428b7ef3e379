"""Options for the look of a drawn page."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from splkit.commands.options import Number

_FIELDS = (
    "layout", "rhythm", "cabrera", "chest_only", "mm_per_s", "gain", "scale", "seconds", "pulse", "separator",
    "label", "font", "grid", "grid_colour", "stroke_mm", "together", "header",
)  # fmt: skip
_GAIN = Number(0, 100, "no machine draws larger", min_open=True)
_PX_PER_MM = Number(3.5, 16, "below, waves are no wider than the pen; above is no more to see")
_SECONDS = Number(0.5, 60, "a row is half a second to a minute")
_SPEED = Number(5, 100, "no machine is slower or faster")
_STROKE = Number(0.05, 2, "no pen is finer or broader")


def _pair(each: Number) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    """A callback for one number, or for two with a comma between. It returns two; one number is repeated."""

    def both(context: click.Context, option: click.Parameter, value: str | None) -> Any:
        if value is None:
            return None
        parts = value.split(",")
        if len(parts) > 2:
            raise click.BadParameter(f"{value} is more than two numbers.", context, option)
        return tuple(each.convert(part, option, context) for part in (parts[0], parts[-1]))

    return both


def page_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options to a command.

    It gets the fields of `Style` that the user gave as the dict `chosen`.
    """

    @wraps(command)
    def with_choices(**options: Any) -> Any:
        stated = {name: options.pop(name) for name in _FIELDS}
        return command(**options, chosen=_fields({name: v for name, v in stated.items() if v is not None}))

    function: Callable[..., Any] = with_choices
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def _fields(given: dict[str, Any]) -> dict[str, Any]:
    if "gain" in given:
        given["limb_mm_per_mv"], given["chest_mm_per_mv"] = given.pop("gain")
    if "scale" in given:
        given["px_per_mm_x"], given["px_per_mm_y"] = given.pop("scale")
    if "together" in given:
        given["columns_follow"] = not given.pop("together")
    if "rhythm" in given:
        text = given["rhythm"]
        given["rhythm"] = () if text.lower() == "none" else tuple(lead.strip() for lead in text.split(","))
    if "header" in given:
        given["header"] = None if given["header"] == "none" else int(given["header"])
    return given


def _choice(name: str, words: str, said: str) -> Callable[..., Any]:
    return click.option(f"--{name}", type=click.Choice(words.split()), help=said)


def _flag(name: str, said: str) -> Callable[..., Any]:
    return click.option(f"--{name}", is_flag=True, default=None, help=said)


_OPTIONS = (
    _choice("layout", "3x4 6x2 12x1 6x1 3x5", "Rows and columns [3x4]."),
    click.option("--rhythm", metavar="LEADS", help="Strips below, such as V1,II,V5, or none [II]."),
    _flag("cabrera", "Limb leads as aVL, I, -aVR, II, aVF, III."),
    _flag("chest-only", "6x1: V1 to V6, not the limb leads."),
    _flag("together", "All columns show the same seconds."),
    click.option("--seconds", type=_SECONDS, help="Of a whole row [as many as 250 mm show]."),
    click.option("--speed", "mm_per_s", type=_SPEED, help="mm/s [25]."),
    click.option("--gain", metavar="LIMB[,CHEST]", callback=_pair(_GAIN), help="mm/mV [10]."),
    click.option("--px-per-mm", "scale", metavar="X[,Y]", callback=_pair(_PX_PER_MM), help="Resolution [8]."),
    _choice("pulse", "left right both none", "Calibration pulse of 1 mV [left]."),
    _choice("separator", "bars dashes dots gaps none", "Between columns [bars]."),
    _choice("label", "above below inside", "Names of leads [above]."),
    _choice("font", "plotter sans bold dejavu serif mono", "Of texts [sans]."),
    _choice("grid", "full 5mm dotted none", "Lines of the paper [full]."),
    _choice("grid-colour", "red pink orange green blue grey black", "Of the lines [red]."),
    click.option("--stroke", "stroke_mm", type=_STROKE, help="Pen's width, mm [0.3]."),
    _choice("header", "none 0 1 2 3", "Texts of one of four machines [0]."),
)
