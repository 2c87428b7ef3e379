"""Work that is cut off, as by Ctrl-C."""


class StopEarly:
    """An `advance` that cuts the work off after so many steps."""

    def __init__(self, steps: int) -> None:
        self._left = steps

    def __call__(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise KeyboardInterrupt
