"""The last few values of a quantity and their median, which one outlier cannot move (Hamilton 2002)."""

SIZE = 8


class Levels:
    """The last 8 values; `median` is the upper one, 0 of none."""

    def __init__(self, fill: int | None = None) -> None:
        self._values = [] if fill is None else [fill] * SIZE
        self.median = 0 if fill is None else fill

    def __bool__(self) -> bool:
        return bool(self._values)

    def push(self, value: int) -> None:
        """Take a new value in, and let the oldest go."""
        self._values.append(value)
        del self._values[:-SIZE]
        self.median = sorted(self._values)[len(self._values) // 2]
