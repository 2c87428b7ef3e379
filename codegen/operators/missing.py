"""Why an operator is not compiled: what TensorFlow Lite Micro's int8 has not, nothing can be held to."""

from splkit.codegen.graph import Operator
from splkit.errors import ModelError

NOT_IN_TFLM = frozenset(
    [
        "ATAN2",
        "BIDIRECTIONAL_SEQUENCE_LSTM",
        "BIDIRECTIONAL_SEQUENCE_RNN",
        "CONV_3D",
        "CONV_3D_TRANSPOSE",
        "GELU",
        "LOCAL_RESPONSE_NORMALIZATION",
        "LSTM",
        "MATRIX_DIAG",
        "ONE_HOT",
        "POW",
        "RELU_0_TO_1",
        "RELU_N1_TO_1",
        "REVERSE_SEQUENCE",
        "RNN",
        "SCATTER_ND",
        "SIGN",
        "SPARSE_TO_DENSE",
        "TILE",
        "TOPK_V2",
        "UNIDIRECTIONAL_SEQUENCE_RNN",
        "WHERE",
    ]
)
"""Builtin operators that it has no kernel for."""
FLOAT_IN_TFLM = frozenset(
    [
        "CEIL",
        "COS",
        "EXP",
        "FLOOR",
        "FLOOR_DIV",
        "FLOOR_MOD",
        "L2_POOL_2D",
        "LOG",
        "ROUND",
        "SIN",
        "SQRT",
        "SQUARE",
    ]
)
"""Those that it computes in float32 alone, or in integers without a scale."""
STATEFUL = frozenset(["ASSIGN_VARIABLE", "CALL_ONCE", "READ_VARIABLE", "SVDF", "VAR_HANDLE"])
"""Those that keep something from one inference to the next."""

ADVICE = {
    "BIDIRECTIONAL_SEQUENCE_LSTM": "two UNIDIRECTIONAL_SEQUENCE_LSTM, one of them between two REVERSE_V2",
    "GELU": "HARD_SWISH",
    "SVDF": "a convolution over the steps that it remembers",
}
"""What is compiled in the place of some."""


def missing(operator: Operator) -> ModelError:
    """The refusal of a kind that no module parses."""
    kind = operator.kind
    why = "which is not"
    if kind in NOT_IN_TFLM:
        why = "which TensorFlow Lite Micro has no kernel for"
    elif kind in FLOAT_IN_TFLM:
        why = "which TensorFlow Lite Micro has no int8 of"
    elif kind in STATEFUL:
        why = "which keeps a state from one inference to the next, as spl_infer does not"
    instead = f" to {ADVICE[kind]}" if kind in ADVICE else ""
    return ModelError(
        f"{operator.label} is of a kind that splkit compiles",
        found=f"{kind}, {why}",
        next_step=f"change that layer{instead} and convert again; splkit operators lists what is compiled",
    )
