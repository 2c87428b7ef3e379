"""Compares depthwise separable with standard convolutions by their cost on a Cortex-M4."""

from collections.abc import Mapping
from typing import Final

from splkit.report.charts import bars_figure
from splkit.report.table import Table
from splkit.study.cost import Cost, CostOf
from splkit.study.experiment import Experiment, Results, Shown

COUNTED_SIZES: Final = ("4k", "10k")
"""Sizes whose cost is counted.

With standard convolutions the 180k network would have 2.8 million weights, which fit on no board of splkit's.
"""


def show(results: Results) -> Shown:
    """Parameters, MACs, instructions and memory of each network, with both kinds of convolution."""
    costs = results.costs
    return Shown(
        text=(
            "This experiment compares the cost of two networks. One is the DSCRNN. In the other, a standard "
            "convolution with the same kernel and filters replaces each pair of a depthwise and a 1 x 1 "
            "convolution; all other layers are the same. Both are int8, exported by splkit for an nRF52840 "
            "(Cortex-M4F), and run in the core simulator, which counts every executed instruction. The "
            "weights are random, because cost does not depend on training. No accuracy is claimed.",
        ),
        tables=(_table(costs),),
        figures=(
            bars_figure(
                "convolutions-cost",
                "Cost of one inference.",
                {
                    "parameters": {label: cost.parameters for label, cost in costs.items()},
                    "multiply-accumulates": {label: cost.macs for label, cost in costs.items()},
                    "instructions on the Cortex-M4": {
                        label: cost.instructions for label, cost in costs.items()
                    },
                },
                kinds=2,
            ),
        ),
    )


def _table(costs: Mapping[str, Cost]) -> Table:
    columns = (
        *(
            "network",
            "parameters",
            "MACs",
            "instructions",
            "instructions a MAC",
            "flash, bytes",
            "RAM, bytes",
        ),
        *("parameters, times", "MACs, times", "instructions, times"),
    )
    rows = []
    for label, cost in costs.items():
        separable = next((one for one in costs.values() if one.of == _separable(cost.of)), None)
        times = [
            getattr(cost, name) / getattr(separable, name) if separable else None
            for name in ("parameters", "macs", "instructions")
        ]
        counts = (cost.parameters, cost.macs, cost.instructions, cost.instructions / cost.macs)
        rows.append((label, *counts, cost.flash_bytes, cost.ram_bytes, *times))
    caption = "Cost of one int8 inference on a Cortex-M4F. Times: relative to the separable network."
    return Table("convolutions-table", caption, columns, tuple(rows))


def _separable(of: CostOf) -> CostOf:
    return of.model_copy(update={"is_standard_twin": False})


CONVOLUTIONS: Final = Experiment(
    name="convolutions",
    title="Depthwise separable against standard convolution",
    thesis={"depthwise separable against standard convolution": "convolutions-table"},
    show=show,
    costs={
        f"{size}, {word}": CostOf(family="dscrnn", size=size, is_standard_twin=is_standard)
        for size in COUNTED_SIZES
        for word, is_standard in (("separable", False), ("standard", True))
    },
)
