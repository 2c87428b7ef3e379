"""The other runtime: TensorFlow Lite Micro computes the inference, behind the same C interface."""

import zlib
from dataclasses import dataclass
from typing import ClassVar

from splkit.codegen.compile import CompiledModel
from splkit.codegen.render import filled
from splkit.errors import ModelError


@dataclass(frozen=True)
class Registration:
    """How one operator gets into a `MicroMutableOpResolver`: an int8-only registration where there is one.

    Attributes:
        name: of the resolver's method, without `Add`.
        int8: the function that gives the int8-only registration, "" where none exists.
        header: of that function, in tensorflow/lite/micro/kernels/.
    """

    name: str
    int8: str = ""
    header: str = ""

    @property
    def call(self) -> str:
        """The call that registers it, as a condition."""
        argument = f"tflite::{self.int8}()" if self.int8 else ""
        return f"resolver.Add{self.name}({argument}) == kTfLiteOk"


_REGISTRATIONS = {
    "ABS": Registration("Abs"),
    "ADD": Registration("Add", "Register_ADD_INT8", "add.h"),
    "AVERAGE_POOL_2D": Registration("AveragePool2D", "Register_AVERAGE_POOL_2D_INT8", "pooling.h"),
    "BATCH_MATMUL": Registration("BatchMatMul"),
    "CONCATENATION": Registration("Concatenation"),
    "CONV_2D": Registration("Conv2D", "Register_CONV_2D_INT8", "conv.h"),
    "DEPTHWISE_CONV_2D": Registration(
        "DepthwiseConv2D", "Register_DEPTHWISE_CONV_2D_INT8", "depthwise_conv.h"
    ),
    "DIV": Registration("Div"),
    "ELU": Registration("Elu"),
    "EXPAND_DIMS": Registration("ExpandDims"),
    "FULLY_CONNECTED": Registration("FullyConnected", "Register_FULLY_CONNECTED_INT8", "fully_connected.h"),
    "HARD_SWISH": Registration("HardSwish"),
    "LEAKY_RELU": Registration("LeakyRelu"),
    "LOGISTIC": Registration("Logistic"),
    "MAXIMUM": Registration("Maximum"),
    "MAX_POOL_2D": Registration("MaxPool2D", "Register_MAX_POOL_2D_INT8", "pooling.h"),
    "MEAN": Registration("Mean"),
    "MINIMUM": Registration("Minimum"),
    "MIRROR_PAD": Registration("MirrorPad"),
    "MUL": Registration("Mul", "Register_MUL_INT8", "mul.h"),
    "PACK": Registration("Pack"),
    "PAD": Registration("Pad", "Register_PAD_INT8", "pad.h"),
    "PADV2": Registration("PadV2"),
    "PRELU": Registration("Prelu"),
    "QUANTIZE": Registration("Quantize"),
    "REDUCE_MAX": Registration("ReduceMax"),
    "REDUCE_MIN": Registration("ReduceMin"),
    "RELU": Registration("Relu"),
    "RELU6": Registration("Relu6"),
    "RESHAPE": Registration("Reshape"),
    "RESIZE_NEAREST_NEIGHBOR": Registration("ResizeNearestNeighbor"),
    "REVERSE_V2": Registration("ReverseV2"),
    "SLICE": Registration("Slice"),
    "SOFTMAX": Registration("Softmax", "Register_SOFTMAX_INT8", "softmax.h"),
    "SPLIT": Registration("Split"),
    "SPLIT_V": Registration("SplitV"),
    "SQUEEZE": Registration("Squeeze"),
    "STRIDED_SLICE": Registration("StridedSlice"),
    "SUB": Registration("Sub"),
    "SUM": Registration("Sum"),
    "TANH": Registration("Tanh"),
    "TRANSPOSE": Registration("Transpose"),
    "TRANSPOSE_CONV": Registration("TransposeConv"),
    "UNIDIRECTIONAL_SEQUENCE_LSTM": Registration(
        "UnidirectionalSequenceLSTM",
        "Register_UNIDIRECTIONAL_SEQUENCE_LSTM_INT8",
        "unidirectional_sequence_lstm.h",
    ),
    "UNPACK": Registration("Unpack"),
}


@dataclass(frozen=True)
class TflmModel:
    """A model as TensorFlow Lite Micro runs it.

    Attributes:
        compiled: the same model as our engine reads it: input, output, multiply-accumulates.
        content: the .tflite file.
        arena_bytes: what the interpreter needs.
    """

    alignment_bytes: ClassVar[int] = 16
    """Of the model, as TensorFlow Lite Micro wants it."""

    compiled: CompiledModel
    content: bytes
    arena_bytes: int

    @property
    def registrations(self) -> list[Registration]:
        """Of each kind of operator in the model once, by name."""
        kinds = sorted({operator.kind for operator in self.compiled.graph.operators})
        unknown = next((kind for kind in kinds if kind not in _REGISTRATIONS), None)
        if unknown:
            raise ModelError(
                f"--runtime tflm registers {', '.join(sorted(_REGISTRATIONS))}",
                found=unknown,
                next_step="export it with --runtime splkit",
            )
        return [_REGISTRATIONS[kind] for kind in kinds]

    @property
    def calls(self) -> list[str]:
        """The C++ conditions that register all of them."""
        return [each.call for each in self.registrations]

    @property
    def headers(self) -> list[str]:
        """Of the int8-only registrations, sorted."""
        return sorted({each.header for each in self.registrations if each.header})

    @property
    def rows(self) -> tuple[str, ...]:
        """The .tflite file as the lines of a C array."""
        return tuple(filled([f"{byte}," for byte in self.content]))

    @property
    def constants_crc32(self) -> int:
        """Checksum of the .tflite file."""
        return zlib.crc32(self.content)

    @property
    def array_names(self) -> list[str]:
        """The constant arrays of the C++ source: the model itself."""
        return ["model_data"]
