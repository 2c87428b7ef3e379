"""The sections about memory, instructions and energy."""

from typing import Any, Final

from splkit.firmware.profiling.energy import Bounds, Estimate
from splkit.firmware.profiling.figures import LayerProfile, Profile
from splkit.firmware.profiling.picture import draw_arena
from splkit.firmware.reporting.facts import Facts
from splkit.firmware.reporting.model import ON_CORE
from splkit.report.charts import bars_figure
from splkit.report.figure import Figure, Panel
from splkit.report.page import Section
from splkit.report.table import Cell, Table

ESTIMATED: Final = "estimated, not measured"
_UNKNOWN: Final = ("TensorFlow Lite Micro computes the inference, so that layers and buffers are not known.",)
_HOURS_A_DAY: Final = 24


def memory_section(facts: Facts) -> Section:
    """Flash, RAM, stack, and who lives where in the arena."""
    figures = facts.profile
    rows: tuple[tuple[Cell, ...], ...] = (
        ("inference by itself", figures.flash_bytes, figures.ram_bytes, figures.stack_bytes),
        (
            "the whole firmware",
            figures.firmware_flash_bytes,
            figures.firmware_ram_bytes,
            figures.stack_bound_bytes,
        ),
    )
    caption = (
        "Bytes. The stack of an inference is its high-water mark; that of the firmware is the most it "
        "can take. RAM of the firmware includes the stack's reserve."
    )
    totals = Table("memory-totals", caption, ("", "flash", "RAM", "stack"), rows)
    if not figures.layers:
        return Section("memory", "Memory", _UNKNOWN, (totals,), (), ON_CORE)
    buffers = tuple((one.name, one.offset, one.size, one.first, one.last) for one in figures.memory)
    columns = ("buffer", "offset", "bytes", "from layer", "to layer")
    arena = Table("memory-arena", f"The arena, {figures.arena_bytes:,} bytes.", columns, buffers)
    return Section("memory", "Memory", (), (totals, arena), (_arena_figure(figures, arena),), ON_CORE)


def layers_section(facts: Facts) -> Section:
    """Instructions, MACs, flash and arena, layer by layer."""
    figures = facts.profile
    if not figures.layers:
        text = (*_UNKNOWN, f"One inference takes {figures.instructions:,} instructions.")
        return Section("layers", "Cost by layer", text, (), (), ON_CORE)
    rows: list[tuple[Cell, ...]] = [_layer_row(layer) for layer in figures.layers]
    rest = figures.instructions - sum(layer.instructions for layer in figures.layers)
    rows.append(("kernels, tables", None, rest, None, None, figures.shared_flash_bytes, None, None))
    ratio = figures.instructions / figures.macs if figures.macs else None
    whole = (figures.instructions, figures.macs, ratio, figures.flash_bytes, figures.arena_bytes)
    rows.append(("one inference", None, *whole, figures.stack_bytes))
    columns = (
        *("layer", "operators", "instructions", "MACs", "instructions a MAC", "flash, bytes", "arena, bytes"),
        "stack, bytes",
    )
    table = Table("layers-table", "One inference, layer by layer.", columns, tuple(rows))
    names = {layer.name: _short(layer.name) for layer in figures.layers}
    bars = {
        "instructions": {names[layer.name]: layer.instructions for layer in figures.layers},
        "flash, bytes": {names[layer.name]: layer.flash_bytes for layer in figures.layers},
        "arena in use, bytes": {names[layer.name]: layer.arena_bytes for layer in figures.layers},
    }
    figure = bars_figure("layers-cost", "Cost by layer.", bars)
    return Section("layers", "Cost by layer", (), (table,), (figure,), ON_CORE)


def energy_section(facts: Facts) -> Section:
    """Time, current and battery life, with what is assumed."""
    estimate = facts.profile.estimate
    if estimate is None:
        none = "There is no estimate: the cycles an instruction of this CPU are not stated."
        return Section("energy", "Time and energy", (none,))
    text = (f"Estimated from the counted instructions. Assumed: {'; '.join(estimate.assumptions)}.",)
    columns = ("what", "unit", "from", "to")
    table = Table(
        "energy-estimate", "From the least to the most that is plausible.", columns, _spans(estimate)
    )
    return Section("energy", "Time and energy", text, (table,), (), ESTIMATED)


def _layer_row(layer: LayerProfile) -> tuple[Cell, ...]:
    counts = (layer.instructions, layer.macs or None, layer.instructions_a_mac)
    return (
        _short(layer.name),
        layer.operators,
        *counts,
        layer.flash_bytes,
        layer.arena_bytes,
        layer.stack_bound_bytes,
    )


def _arena_figure(figures: Profile, table: Table) -> Figure:
    names = [layer.name for layer in figures.layers]

    def draw(axes: Any) -> None:
        draw_arena(axes, figures, names)
        axes.set_title("")

    caption = (
        "The arena while the layers run: each buffer from the layer that writes it to the last that reads it."
    )
    return Figure("memory-map", caption, (Panel("", draw, is_wide=True),), table.csv)


def _spans(estimate: Estimate) -> tuple[tuple[Cell, ...], ...]:
    known: list[tuple[str, str, Bounds | None]] = [
        ("time of an inference", "ms", estimate.time_ms),
        ("share of the time that the core runs", "%", estimate.duty.times(100) if estimate.duty else None),
        ("energy of an inference", "uJ", estimate.energy_uj),
        ("mean current of the chip", "mA", estimate.mean_ma),
        ("of it to compute", "mA", estimate.computing_ma),
    ]
    if estimate.battery_hours:
        days = estimate.battery_hours.times(1 / _HOURS_A_DAY)
        known.append((f"a battery of {estimate.battery_mah:g} mAh", "days", days))
    cycles: tuple[Cell, ...] = ("cycles of an inference", "", *(round(each) for _, each in estimate.cycles))
    return (cycles, *((name, unit, span.low, span.high) for name, unit, span in known if span))


def _short(layer: str) -> str:
    """A layer's name without what all of them begin with, and the LSTM by its usual name."""
    return layer.removeprefix("spl_layer_").replace("unidirectional_sequence_", "")
