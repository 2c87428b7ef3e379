"""A picture of a profile: instructions by layer, and the arena while the layers run."""

from pathlib import Path
from typing import TYPE_CHECKING

from splkit.firmware.profiling.figures import Profile
from splkit.pictures import new_figure, save_picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLORS = 10
"""Of the cycle C0 to C9."""


def draw_profile(figures: Profile, title: str, path: Path) -> None:
    """Writes a picture (the suffix says which kind: .png, .svg, .pdf).

    Raises:
        UsageError: the suffix names no kind of picture, or the folder cannot be written to.
        ToolError: the package matplotlib is not installed.
    """
    names = [layer.name for layer in figures.layers]
    width = max(8.0, 3.0 + 1.1 * len(names))
    figure = new_figure(width, 8)
    bars, arena = figure.subplots(2, 1, sharex=True, height_ratios=(2, 3))
    figure.suptitle(f"{title}: instructions and arena of an inference, layer by layer")
    draw_instructions(bars, figures)
    draw_arena(arena, figures, names)
    save_picture(figure, path)


def draw_instructions(panel: "Axes", figures: Profile) -> None:
    """One bar a layer; where it multiplies, with its instructions a multiply-accumulate."""
    steps = range(len(figures.layers))
    bars = panel.bar(steps, [layer.instructions for layer in figures.layers], color="C0")
    labels = [
        f"{layer.instructions:,}"
        + (f"\n{layer.instructions_a_mac:.2f} a MAC" if layer.instructions_a_mac else "")
        for layer in figures.layers
    ]
    panel.bar_label(bars, labels, fontsize=8, padding=2)
    panel.margins(y=0.2)
    panel.yaxis.set_major_formatter("{x:,.0f}")
    panel.set(title=f"{figures.instructions:,} instructions an inference", ylabel="instructions")


def draw_arena(panel: "Axes", figures: Profile, names: list[str]) -> None:
    """One box a buffer: the layers that it is alive in, and its bytes."""
    step = {name: i for i, name in enumerate(names)}
    for number, buffer in enumerate(figures.memory):
        first, last = step[buffer.first], step[buffer.last]
        middle, width = (first + last) / 2, last - first + 1
        panel.bar(
            middle,
            buffer.size,
            width,
            buffer.offset,
            color=f"C{number % COLORS}",
            alpha=0.55,
            edgecolor="0.2",
        )
        panel.text(
            middle,
            buffer.offset + buffer.size / 2,
            _box_label(buffer.name, buffer.size, width),
            ha="center",
            va="center",
            fontsize=7,
        )
    panel.axhline(figures.arena_bytes, color="0.2", linestyle="--", linewidth=0.8)
    panel.set(title=f"arena, {figures.arena_bytes:,} B", ylabel="bytes from its start")
    panel.set_ylim(0, figures.arena_bytes * 1.05)
    panel.set_xticks(range(len(names)), [_layer_label(name) for name in names], fontsize=7)


def _box_label(name: str, size: int, layers: int) -> str:
    """What a buffer is, short enough for its box."""
    what = "scratch" if name.endswith(" scratch") else "/".join(name.split("/")[-2:])
    return f"{what}, {size:,} B" if layers > 1 else f"{what}\n{size:,} B"


def _layer_label(name: str) -> str:
    """A layer's number, and its kind below it."""
    number, _, kind = name.removeprefix("spl_layer_").partition("_")
    return f"{number}\n" + kind.replace("unidirectional_sequence_", "").replace("_", " ")
