"""SOFTMAX over the last axis: kernel `spl_softmax_s8`."""

import numpy as np

from splkit.codegen.functions import softmax_exps
from splkit.codegen.graph import Operator
from splkit.codegen.operators.base import CArray, Layer, ends
from splkit.codegen.refusals import refuse

OUTPUT = (2.0**-8, -128)
"""Scale and zero point of the output, which TFLM wants."""
MAX_DEPTH = 511
"""Values of a row whose sum TFLM holds."""


def parse(operator: Operator) -> Layer:
    """Rows of up to 511 values."""
    source, output = ends(operator, 1)
    depth, beta = source.shape[-1], operator.number("Beta", 0.0)
    if source.shape != output.shape or depth > MAX_DEPTH:
        raise refuse(operator, f"{source} -> {output}", f"one shape, and rows of at most {MAX_DEPTH}")
    if (output.scale, output.zero_point) != OUTPUT:
        raise refuse(operator, f"output scale {output.scale:.6g}", f"scale and zero point {OUTPUT}")
    exps = softmax_exps(beta * source.scale)
    if exps is None:
        raise refuse(operator, f"beta {beta:.3g} at scale {source.scale:.3g}", "a product of 2^-26 or more")
    return Layer(
        operator,
        source,
        output,
        kernel="spl_softmax_s8",
        fields={"rows": source.size // depth, "depth": depth},
        arrays={"exps": CArray("int32_t", np.array(exps, np.int32))},
        in_place=True,
    )
