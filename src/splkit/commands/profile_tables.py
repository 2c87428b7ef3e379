"""The tables that `splkit profile` prints."""

from pathlib import Path

from rich.table import Table

from splkit.console import new_table, out
from splkit.firmware.profiling.comparison import FIGURES, Comparison
from splkit.firmware.profiling.energy import Bounds, Estimate
from splkit.firmware.profiling.figures import LayerProfile, Profile

HOURS_A_DAY = 24


def print_profile(figures: Profile) -> None:
    """Prints the layers, the buffers in the arena, the totals, the front end and the estimate."""
    out.print(_layers(figures))
    for layer in figures.layers:
        out.print(_kernel(layer))
    if figures.layers:
        _print_memory(figures)
    whole = "the whole firmware" if figures.firmware_flash_bytes is not None else "it"
    for name, flash, ram in (
        ("inference", figures.flash_bytes, figures.ram_bytes),
        ("firmware", figures.firmware_flash_bytes, figures.firmware_ram_bytes),
    ):
        if flash is not None:
            out.print(f"{name}: flash {flash:,} B, RAM {ram:,} B")
    out.print(
        f"stack: {figures.stack_bytes:,} B in an inference, "
        f"{_count(figures.stack_bound_bytes)} B at most in {whole}"
    )
    if figures.front_end:
        front_end = figures.front_end
        out.print(figures.recording or "", soft_wrap=True)
        out.print(
            f"front end: {front_end.mean_instructions:.0f} instructions a sample, "
            f"at most {front_end.worst_instructions:,}, over {front_end.samples:,} samples"
        )
    if figures.estimate:
        _print_estimate(figures.estimate)
    else:
        out.print("no estimate: the cycles an instruction of this CPU are not stated")


def print_comparison(comparison: Comparison, first: str, second: str) -> None:
    """Prints the totals, then the instructions of each layer. The ratio is the second over the first."""
    table = new_table("", first, second, "ratio", wraps=(first, second))
    for name in FIGURES:
        ours, theirs = getattr(comparison.first, name), getattr(comparison.second, name)
        table.add_row(
            name.replace("_", " "), _count(ours), _count(theirs), _ratio(comparison.ratios.get(name))
        )
    table.add_section()
    ours_by_layer, theirs_by_layer = (
        {layer.name: layer.instructions for layer in each.layers}
        for each in (comparison.first, comparison.second)
    )
    for name in ours_by_layer | theirs_by_layer:
        counts = (f"{each[name]:,}" if name in each else "" for each in (ours_by_layer, theirs_by_layer))
        table.add_row(f"instructions of {_short(name)}", *counts, _ratio(comparison.layer_ratios.get(name)))
    out.print(table)


def print_written(path: Path) -> None:
    """Prints where a file was written."""
    out.print(f"wrote {path}")


def _layers(figures: Profile) -> Table:
    table = new_table("layer", "instructions", "MACs", "a MAC", "flash B", "arena B", "stack B")
    for layer in figures.layers:
        table.add_row(
            _short(layer.name),
            f"{layer.instructions:,}",
            f"{layer.macs:,}" if layer.macs else "",
            _ratio(layer.instructions_a_mac),
            f"{layer.flash_bytes:,}",
            f"{layer.arena_bytes:,}",
            f"{layer.stack_bound_bytes:,}",
        )
    rest = figures.instructions - sum(layer.instructions for layer in figures.layers)
    table.add_row("kernels, tables", f"{rest:,}", "", "", f"{figures.shared_flash_bytes:,}")
    table.add_section()
    table.add_row(
        "one inference",
        f"{figures.instructions:,}",
        f"{figures.macs:,}",
        _ratio(figures.instructions / figures.macs if figures.macs else None),
        f"{figures.flash_bytes:,}",
        f"{figures.arena_bytes:,}",
    )
    return table


def _kernel(layer: LayerProfile) -> str:
    """The kernel that computes a layer, its operators, and why no faster kernel is used."""
    fused = f" for {layer.operators}" if " + " in layer.operators else ""
    slower = f"; not a faster one, for {layer.slower}" if layer.slower else ""
    return f"{_short(layer.name)} runs {layer.kernel}{fused}{slower}"


def _print_memory(figures: Profile) -> None:
    """Prints the arena's buffers and its peak."""
    table = new_table("buffer", "offset", "bytes", "from layer", "to layer", wraps=("buffer",), title="arena")
    for each in figures.memory:
        table.add_row(
            _short(each.name), f"{each.offset:,}", f"{each.size:,}", _short(each.first), _short(each.last)
        )
    out.print(table)
    fullest = max(figures.layers, key=lambda layer: layer.arena_bytes)
    out.print(
        f"arena: {figures.arena_bytes:,} B; "
        f"at most {fullest.arena_bytes:,} B of it in use, in {_short(fullest.name)}"
    )


def _print_estimate(estimate: Estimate) -> None:
    """Prints the estimate in a few lines, with its assumptions below."""
    out.print("estimate, not measured:")
    out.print(f"  an inference: {_span(estimate.cycles, ',.0f')} cycles, {_span(estimate.time_ms, '.1f')} ms")
    if estimate.inferences_per_minute and estimate.duty:
        out.print(
            f"  {estimate.inferences_per_minute:.3g} inferences a minute; "
            f"the core runs {_span(estimate.duty.times(100), '.2g')} % of the time"
        )
    if estimate.energy_uj:
        out.print(f"  energy: {_span(estimate.energy_uj, '.0f')} uJ an inference")
    if estimate.computing_ma and estimate.mean_ma and estimate.battery_hours:
        out.print(
            f"  current: {_span(estimate.mean_ma, '.3f')} mA, "
            f"{_span(estimate.computing_ma.times(1000), '.1f')} uA of it to compute"
        )
        days = estimate.battery_hours.times(1 / HOURS_A_DAY)
        out.print(f"  a battery of {estimate.battery_mah:g} mAh: {_span(days, '.1f')} days")
    out.print("  assumed:")
    for assumption in estimate.assumptions:
        out.print(f"  - {assumption}")


def _span(span: Bounds, form: str) -> str:
    low, high = format(span.low, form), format(span.high, form)
    return low if low == high else f"{low} to {high}"


def _count(value: int | None) -> str:
    return "unknown" if value is None else f"{value:,}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"


def _short(layer: str) -> str:
    """A layer's name without the prefix that all layers share. The LSTM gets its usual name."""
    return layer.removeprefix("spl_layer_").replace("unidirectional_sequence_", "")
