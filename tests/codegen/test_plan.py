"""No two buffers that are alive together overlap, and what can share a place does."""

from itertools import combinations, pairwise
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from splkit.codegen.graph import Graph, Quantization, Tensor
from splkit.codegen.operators.base import Layer
from splkit.codegen.plan import make_plan


@st.composite
def chains(draw: st.DrawFn) -> tuple[Graph, tuple[Layer, ...]]:
    """Chains of layers of random sizes, in place where the output fits, some of them views."""
    sizes = draw(st.lists(st.integers(1, 300), min_size=2, max_size=9))
    tensors = [
        Tensor(i, f"t{i}", (1, size), "int8", Quantization((1.0,), (0,))) for i, size in enumerate(sizes)
    ]
    layers = []
    for i, (source, output) in enumerate(pairwise(tensors)):
        fits = output.size <= source.size
        view = fits and draw(st.booleans())
        layers.append(
            Layer(
                SimpleNamespace(index=i, kind="TEST"),
                source,
                output,
                kernel="" if view else "kernel",
                scratch_bytes=0 if view else draw(st.integers(0, 100)),
                in_place=fits and draw(st.booleans()),
                view_offset=draw(st.integers(0, source.size - output.size)) if view else 0,
            )
        )
    return Graph((), tensors[0], tensors[-1]), tuple(layers)


@given(chains())
def test_live_buffers_are_disjoint_and_inside_the_arena(chain):
    plan = make_plan(*chain)
    for allocation in plan.allocations:
        assert allocation.offset >= 0 and allocation.offset + allocation.size <= plan.arena_bytes
        assert allocation.offset % 4 == 0
    for a, b in combinations(plan.allocations, 2):
        together = a.first <= b.last and b.first <= a.last
        assert not together or a.offset + a.size <= b.offset or b.offset + b.size <= a.offset


@given(chains())
def test_a_layer_writes_over_its_input_only_where_it_may(chain):
    plan = make_plan(*chain)
    for i, layer in enumerate(chain[1]):
        if layer.kernel and not layer.in_place:
            assert plan.outputs[i] not in plan.inputs[i]
        assert plan.outputs[i].base != "input" or not layer.kernel


@pytest.mark.parametrize("in_place", [True, False])
def test_in_place_layers_need_one_buffer(in_place):
    tensors = [Tensor(i, f"t{i}", (1, 100), "int8", Quantization((1.0,), (0,))) for i in range(4)]
    layers = tuple(
        Layer(
            SimpleNamespace(index=i, kind="TEST"),
            tensors[i],
            tensors[i + 1],
            kernel="kernel",
            in_place=in_place,
        )
        for i in range(3)
    )
    plan = make_plan(Graph((), tensors[0], tensors[3]), layers)
    assert plan.arena_bytes == (0 if in_place else 200)
