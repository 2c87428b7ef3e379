"""No two buffers that are alive together overlap, and what can share a place does."""

from itertools import combinations, pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splkit.codegen.graph import Graph, Quantization, Tensor
from splkit.codegen.operators.base import Layer
from splkit.codegen.plan import Place, make_plan


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
    return Graph((), (tensors[0],), (tensors[-1],)), tuple(layers)


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
    plan = make_plan(Graph((), (tensors[0],), (tensors[3],)), layers)
    assert plan.arena_bytes == (0 if in_place else 200)


@st.composite
def branches(draw: st.DrawFn) -> tuple[Graph, tuple[Layer, ...]]:
    """Layers that read any activations before them, up to three, some of them twice, and views of these."""
    tensors = [tensor(0, draw(st.integers(1, 60)))]
    layers: list[Layer] = []
    for i in range(draw(st.integers(1, 12))):
        source = draw(st.sampled_from(tensors))
        view = draw(st.booleans())
        output = tensor(i + 1, draw(st.integers(1, source.size if view else 60)))
        made = {"view_offset": draw(st.integers(0, source.size - output.size))} if view else {
            "kernel": "kernel",
            "others": tuple(draw(st.lists(st.sampled_from(tensors), max_size=2))),
            "scratch_bytes": draw(st.integers(0, 30)),
            "output_bytes": draw(st.sampled_from([0, output.size + 7])),
            "in_place": draw(st.booleans()),
        }  # fmt: skip
        layers.append(Layer(SimpleNamespace(index=i, kind="TEST"), source, output, **made))
        tensors.append(output)
    outputs = draw(st.lists(st.sampled_from(tensors[1:]), min_size=1, max_size=3))
    return Graph((), (tensors[0],), tuple(outputs)), tuple(layers)


def tensor(index: int, size: int) -> Tensor:
    return Tensor(index, f"t{index}", (1, size), "int8", Quantization((1.0,), (0,)))


@settings(max_examples=600, deadline=None, derandomize=True)
@given(branches())
def test_every_byte_is_there_when_it_is_read(network):
    """The plan is carried out with a mark for each byte of each tensor, whatever lifetimes it claims."""
    graph, layers = network
    plan = make_plan(graph, layers)
    memory = {"input": np.arange(graph.input.size)}
    output_size = sum(tensor.size for tensor in graph.outputs)
    memory |= {"output": np.full(output_size, -1), "arena": np.full(plan.arena_bytes, -1)}
    marks = {graph.input.index: memory["input"].copy()}

    def at(place: Place, size: int) -> np.ndarray:
        assert place.offset + size <= len(memory[place.base])
        return memory[place.base][place.offset : place.offset + size]

    for i, layer in enumerate(layers):
        size, operands = layer.output.size, list(zip(layer.inputs, plan.inputs[i], strict=True))
        for operand, place in operands:
            assert np.array_equal(at(place, operand.size), marks[operand.index])
        if not layer.kernel:
            start = layer.view_offset
            marks[layer.output.index] = marks[layer.input.index][start : start + size]
            continue
        assert plan.outputs[i].base != "input"
        written = at(plan.outputs[i], max(size, layer.output_bytes if plan.outputs[i].base == "arena" else 0))
        written[:] = -1
        if plan.scratch[i] is not None:
            at(plan.scratch[i], layer.scratch_bytes)[:] = -1
        # Whatever the order in which a kernel reads and writes, operands are still whole, but for the one
        # that an in-place layer may write over.
        spared = operands[1:] if layer.in_place and plan.outputs[i] == plan.inputs[i][0] else operands
        for operand, place in spared:
            assert np.array_equal(at(place, operand.size), marks[operand.index])
        marks[layer.output.index] = written[:size] = 1000 * (i + 1) + np.arange(size)
    for tensor, result, wanted in zip(graph.outputs, plan.results, plan.wanted, strict=True):
        at(wanted, tensor.size)[:] = at(result, tensor.size)
    for tensor, wanted in zip(graph.outputs, plan.wanted, strict=True):
        assert np.array_equal(at(wanted, tensor.size), marks[tensor.index])
