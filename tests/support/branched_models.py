"""A hypothesis strategy of networks with branches, views and operands that several operators read.

All activations share one scale and zero point, so that any of them may be joined, and few values are lost on
the way: a byte that is wrong anywhere shows at the output.
"""

from collections import Counter

import numpy as np
from hypothesis import strategies as st
from support.network import Network
from support.sequence_models import add_lstm

SCALE = 0.01
VIEWS = ("reshape", "squeeze", "expand", "rows")
PLAIN = ("factor", "addend", "copy", "conv", "depthwise", "pool", "lstm")
JOINING = ("binary", "concatenation", "neighbours")
STEPS = (*VIEWS, *PLAIN, *JOINING, *JOINING, "block", "block")
WINDOW = {"StrideH": 1, "StrideW": 1, "Padding": 0, "DilationHFactor": 1, "DilationWFactor": 1}
MAX_RANK, MAX_SIZE, MAX_JOINED = 4, 200, 10


class Branches(Network):
    """A network under construction; `live` are the activations that the next operator may read."""

    def __init__(self, draw: st.DrawFn) -> None:
        super().__init__(draw)
        self.live: list[int] = []
        self.result(1, draw(st.integers(2, 9)), 1, draw(st.integers(1, 4)))

    def result(self, *shape: int) -> int:
        """An activation of the one scale, which may be read from now on."""
        like = self.live[0] if self.live else None
        index = self.activation(*shape, like=like, scale=SCALE)
        self.live.append(index)
        return index

    def shape(self, index: int) -> tuple[int, ...]:
        return tuple(self.tensors[index].shape)

    def size(self, index: int) -> int:
        return int(np.prod(self.shape(index)))

    def pick(self) -> int:
        """The newest activation, or as often any of them."""
        return self.live[-1] if self.draw(st.booleans()) else self.draw(st.sampled_from(self.live))

    def add_step(self) -> None:
        """One operator of any kind, unless its operand does not suit it."""
        getattr(self, self.draw(st.sampled_from(STEPS)))(self.pick())

    def reshape(self, source: int) -> None:
        size = self.size(source)
        rows = self.draw(st.sampled_from([n for n in range(1, size + 1) if size % n == 0]))
        self._reshaped(source, 1, rows, 1, size // rows)

    def squeeze(self, source: int) -> None:
        shape = self.shape(source)
        axes = [axis for axis, length in enumerate(shape) if axis and length == 1 and len(shape) > 2]
        if axes:
            axis = self.draw(st.sampled_from(axes))
            kept = self.result(*shape[:axis], *shape[axis + 1 :])
            self.operator("SQUEEZE", [source], kept, "SqueezeOptions", SqueezeDims=[axis])

    def expand(self, source: int) -> None:
        shape = self.shape(source)
        if len(shape) < MAX_RANK:
            axis = self.draw(st.integers(1, len(shape)))
            inputs = [source, self.integers(np.array(axis))]
            self.operator(
                "EXPAND_DIMS", inputs, self.result(*shape[:axis], 1, *shape[axis:]), "ExpandDimsOptions"
            )

    def rows(self, source: int) -> None:
        """A slice of rows side by side, which is a view, or of every other row, which is copied."""
        shape = self.shape(source)
        if shape[1] < 2:
            return
        begin = self.draw(st.integers(0, shape[1] - 2))
        end, stride = self.draw(st.integers(begin + 1, shape[1])), self.draw(st.sampled_from([1, 1, 1, 2]))
        self._sliced(source, range(begin, end, stride))

    def neighbours(self, source: int) -> None:
        """Rows with those behind them, summed, say: views of one activation that overlap."""
        rows = self.shape(source)[1]
        if rows > 1:
            far = self.draw(st.integers(1, min(rows - 1, 3)))
            views = [self._sliced(source, range(start, rows - far + start)) for start in (0, far)]
            self._combined(self.draw(st.permutations(views)))

    def factor(self, source: int) -> None:
        data = self.values(self.shape(source)[-1])
        self.tensors[data].scales, self.tensors[data].zero_points = [0.01], [0]
        self.operator("MUL", [source, data], self.result(*self.shape(source)), "MulOptions")

    def addend(self, source: int) -> None:
        data = self.values(self.shape(source)[-1])
        self.operator("ADD", [source, data], self.result(*self.shape(source)), "AddOptions")

    def copy(self, source: int) -> None:
        self.operator("QUANTIZE", [source], self.result(*self.shape(source)))

    def binary(self, source: int) -> None:
        """Of two activations of one size, which may be one and the same, or views of one."""
        equal = [index for index in self.live if self.size(index) == self.size(source)]
        other = self.draw(st.sampled_from(equal))
        if self.shape(other) != self.shape(source):
            other = self._reshaped(other, *self.shape(source))
        self._combined(self.draw(st.permutations([source, other])))

    def concatenation(self, source: int) -> None:
        """Along axis 1, of up to three; one may come twice."""
        shape = self.shape(source)
        fitting = [
            i for i in self.live if self.shape(i)[2:] == shape[2:] and len(self.shape(i)) == len(shape)
        ]
        parts = [source, *self.draw(st.lists(st.sampled_from(fitting), min_size=1, max_size=2))]
        length = sum(self.shape(index)[1] for index in parts)
        if length * np.prod(shape[2:]) <= MAX_SIZE:
            self._joined(parts, length, *shape[2:])

    def conv(self, source: int) -> None:
        if self._is_signal(source):
            _, length, _, channels = self.shape(source)
            filters, taps = self.draw(st.integers(1, 5)), self.draw(st.integers(1, 3))
            inputs = [source, self.filters(filters, taps, 1, channels, axis=0), self.bias(filters)]
            self.operator("CONV_2D", inputs, self.result(1, length, 1, filters), "Conv2DOptions", **WINDOW)

    def block(self, source: int) -> None:
        """Layers that one kernel computes together, unless something else reads what is between them."""
        if self._is_signal(source) and self.shape(source)[1] > 1:
            self.conv(source)
            first = len(self.live) - 1
            if self.draw(st.booleans()):
                self.factor(self.live[-1])
                self.addend(self.live[-1])
            self.pool(self.live[-1])
            if self.draw(st.booleans()):
                self.copy(self.draw(st.sampled_from(self.live[first:])))

    def depthwise(self, source: int) -> None:
        if self._is_signal(source):
            shape, taps = self.shape(source), self.draw(st.integers(1, 5))
            inputs = [source, self.filters(1, taps, 1, shape[3], axis=3), self.bias(shape[3])]
            options = {**WINDOW, "DepthMultiplier": 1}
            kept = self.result(*shape)
            self.operator("DEPTHWISE_CONV_2D", inputs, kept, "DepthwiseConv2DOptions", **options)

    def pool(self, source: int) -> None:
        shape = self.shape(source)
        if self._is_signal(source) and shape[1] > 1:
            options = {"StrideH": 2, "StrideW": 1, "FilterHeight": 2, "FilterWidth": 1, "Padding": 1}
            kept = self.result(1, shape[1] // 2, 1, shape[3])
            self.operator("MAX_POOL_2D", [source], kept, "Pool2DOptions", **options)

    def lstm(self, source: int) -> None:
        """An LSTM, and often its last step, which may be all that is read."""
        if self._is_signal(source):
            source = self._reshaped(source, *self.shape(source)[:2], self.shape(source)[3])
        if len(self.shape(source)) == MAX_RANK - 1:
            cells, steps = self.draw(st.integers(1, 4)), self.shape(source)[1]
            self.live.append(add_lstm(self, source, cells, time_major=False, like=source))
            if self.draw(st.booleans()):
                self._sliced(self.live[-1], range(steps - 1, steps))

    def finish(self) -> bytes:
        """The file: the output holds all that no operator has read, or is any activation."""
        computed = self.live[1:]
        if self.draw(st.integers(0, 7)) == 0:
            return self.build(self.draw(st.sampled_from(computed)))
        read = Counter(index for operator in self.operators for index in operator.inputs)
        loose = [index for index in computed if not read[index]]
        while len(loose) > 1:
            taken, loose = loose[:MAX_JOINED], loose[MAX_JOINED:]
            flat = [self._reshaped(index, 1, self.size(index)) for index in taken]
            loose.append(self._joined(flat, sum(self.size(index) for index in flat)))
        return self.build(loose[0])

    def _is_signal(self, index: int) -> bool:
        """Whether it is 1 x time x 1 x channels."""
        return len(self.shape(index)) == MAX_RANK and self.shape(index)[2] == 1

    def _combined(self, operands: list[int]) -> None:
        kind = self.draw(st.sampled_from(["ADD", "SUB", "MUL"]))
        self.operator(kind, operands, self.result(*self.shape(operands[0])), f"{kind.capitalize()}Options")

    def _sliced(self, source: int, rows: range) -> int:
        tail = self.shape(source)[2:]
        bounds = [[rows.start, *[0] * len(tail)], [rows.stop, *tail], [rows.step, *[1] * len(tail)]]
        inputs = [self.integers([first, *rest]) for first, rest in zip((0, 1, 1), bounds, strict=True)]
        kept = self.result(1, len(rows), *tail)
        return self.operator("STRIDED_SLICE", [source, *inputs], kept, "StridedSliceOptions")

    def _reshaped(self, source: int, *shape: int) -> int:
        return self.operator("RESHAPE", [source], self.result(*shape), "ReshapeOptions")

    def _joined(self, parts: list[int], length: int, *tail: int) -> int:
        return self.operator(
            "CONCATENATION", parts, self.result(1, length, *tail), "ConcatenationOptions", Axis=1
        )


@st.composite
def branched(draw: st.DrawFn) -> bytes:
    """2 to 14 operators, each on any of the activations before it."""
    network = Branches(draw)
    for _ in range(draw(st.integers(2, 14))):
        network.add_step()
    if len(network.live) == 1:
        network.copy(network.live[0])
    return network.finish()
