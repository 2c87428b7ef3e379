"""A network with two inputs and three outputs, one of which other layers read as well."""

import numpy as np
from hypothesis import strategies as st
from support.network import Network, activations


@st.composite
def several_ends(draw: st.DrawFn) -> bytes:
    """The sum of two inputs, a slice of it and what follows it, as outputs in any order."""
    network = Network(draw)
    shape = (1, draw(st.integers(2, 9)), draw(st.integers(1, 5)))
    first, second = network.activation(*shape), network.activation(*shape)
    options = {"FusedActivationFunction": draw(activations)}
    total = network.operator("ADD", [first, second], network.activation(*shape), "AddOptions", **options)
    bounds = [network.integers(values) for values in ([0, 1, 0], [1, shape[1], shape[2]], [1, 1, 1])]
    part = network.operator(
        "STRIDED_SLICE",
        [total, *bounds],
        network.activation(1, shape[1] - 1, shape[2], like=total),
        "StridedSliceOptions",
    )
    rows = network.activation(1, int(np.prod(shape)), like=total)
    flat = network.operator("RESHAPE", [total], rows, "ReshapeOptions")
    last = network.operator("RELU", [flat], network.activation(*network.tensors[rows].shape))
    outputs = draw(st.permutations([total, part, last]))
    return network.build(outputs, draw(st.permutations([first, second])))
