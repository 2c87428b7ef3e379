"""Each pass of the lowering has work to do and keeps the number of layers; kernels are what it leaves."""

from pathlib import Path

from support.mutation import corpus

from splkit.codegen.compile import inner_network
from splkit.codegen.lowering import lower, passes
from splkit.codegen.lowering.trade import Trade
from splkit.codegen.operators import parse_graph
from splkit.codegen.operators.conv_2d import OVER_TIME


def test_every_pass_changes_some_model_and_keeps_the_operators():
    every = passes(Trade(chunks=1, batches=True))
    idle = set(every)
    for content in corpus():
        graph = inner_network(content, "model")
        layers = parse_graph(graph)
        for each in every:
            before, layers = layers, each(graph, layers)
            assert [layer.operator.index for layer in layers] == list(range(len(graph.operators)))
            if any(a is not b for a, b in zip(before, layers, strict=True)):
                idle.discard(each)
    assert not idle


def test_what_is_lowered_calls_kernels_alone(root: Path):
    kernels = {source.stem for source in (root / "codegen" / "kernels").glob("*.c")}
    parsed, called = set(), set()
    for content in corpus():
        graph = inner_network(content, "model")
        layers = parse_graph(graph)
        parsed |= {layer.kernel for layer in layers if layer.kernel}
        called |= {name for layer in lower(graph, layers) if layer.kernel for name in layer.kernels}
    assert called <= kernels and "spl_conv_1d_s8" in called
    assert parsed - kernels == {OVER_TIME} and "spl_conv_1d_s8" not in parsed
