"""What a firmware would take of a battery: an estimate from counted instructions, never a measurement."""

from pydantic import BaseModel, ConfigDict

from splkit.boards import Board
from splkit.ecg.frontend import AveragedCycles

HEART_RATE_BPM = 70
BATTERY_MAH = 100.0

CYCLES_AN_INSTRUCTION = {"cortex-m4": (1.0, 2.0)}
"""The least and the most that is plausible, by CPU.

Arm Cortex-M4 Processor Technical Reference Manual (DDI 0439), "Instruction set summary": with no wait states
arithmetic, multiply-accumulates included, takes 1 cycle, a load 2 (1 behind another), a branch that is taken
2 to 4. Flash that makes the core wait adds to that.
"""


class Bounds(BaseModel):
    """From `low` to `high`."""

    model_config = ConfigDict(frozen=True)

    low: float
    high: float

    def times(self, factor: float) -> "Bounds":
        """Both ends, multiplied."""
        return Bounds(low=self.low * factor, high=self.high * factor)


class Estimate(BaseModel):
    """Estimated, on the assumptions that are listed with it.

    Attributes:
        cycles: of one inference.
        time_ms: of one inference at the board's clock.
        inferences_per_minute: one every so many beats as the model averages; None, as the duty, the currents
            and the battery's life, of an inference by itself.
        duty: share of the time in which the core runs, 0 to 1.
        energy_uj: of one inference; None, as all that follows, for a board without a power table.
        computing_ma: what running adds to the mean current.
        mean_ma: of the chip.
        battery_hours: until a battery of `battery_mah` is empty.
        battery_mah: as asked for.
        assumptions: sentences.
    """

    model_config = ConfigDict(frozen=True)

    cycles: Bounds
    time_ms: Bounds
    inferences_per_minute: float | None = None
    duty: Bounds | None = None
    energy_uj: Bounds | None = None
    computing_ma: Bounds | None = None
    mean_ma: Bounds | None = None
    battery_hours: Bounds | None = None
    battery_mah: float
    assumptions: tuple[str, ...]


def estimate(
    board: Board,
    instructions: int,
    front_end_hz: float | None = None,
    battery_mah: float = BATTERY_MAH,
    averaged_cycles: AveragedCycles | None = 8,
) -> Estimate | None:
    """The estimate; None for a CPU whose cycles an instruction are not stated.

    Args:
        board: whose CPU, clock and power table count.
        instructions: of one inference.
        front_end_hz: instructions a second of the front end; None leaves it out.
        battery_mah: the battery's charge.
        averaged_cycles: accepted beats that make an inference; None without a front end.
    """
    if board.core.cpu not in CYCLES_AN_INSTRUCTION:
        return None
    low, high = CYCLES_AN_INSTRUCTION[board.core.cpu]
    cycles_each = Bounds(low=low, high=high)
    timing = Estimate(
        cycles=cycles_each.times(instructions),
        time_ms=cycles_each.times(instructions / board.clock_hz * 1000),
        battery_mah=battery_mah,
        assumptions=_assumptions(board, averaged_cycles, front_end_hz is not None),
    )
    if averaged_cycles is not None:
        inferences_hz = HEART_RATE_BPM / 60 / averaged_cycles
        duty = cycles_each.times((instructions * inferences_hz + (front_end_hz or 0.0)) / board.clock_hz)
        timing = timing.model_copy(update={"inferences_per_minute": inferences_hz * 60, "duty": duty})
    return _with_power(timing, board)


def _with_power(timing: Estimate, board: Board) -> Estimate:
    """Adds what the board's power table says; mA times V times ms are microjoules."""
    power = board.power
    if power is None:
        return timing
    energy = timing.time_ms.times(power.run_ma * power.volts)
    if timing.duty is None:
        return timing.model_copy(update={"energy_uj": energy})
    computing = timing.duty.times(power.run_ma - power.sleep_ma)
    idle_ma = power.idle_ma(board.ecg.fs_hz)
    mean = Bounds(low=computing.low + idle_ma, high=computing.high + idle_ma)
    hours = Bounds(low=timing.battery_mah / mean.high, high=timing.battery_mah / mean.low)
    return timing.model_copy(
        update={"energy_uj": energy, "computing_ma": computing, "mean_ma": mean, "battery_hours": hours}
    )


def _assumptions(board: Board, averaged_cycles: AveragedCycles | None, front_end: bool) -> tuple[str, ...]:
    low, high = CYCLES_AN_INSTRUCTION[board.core.cpu]
    sentences = [
        f"{low:g} to {high:g} cycles an instruction on a {board.core.cpu} (Arm DDI 0439, instruction set)",
        f"{board.clock_hz / 1e6:g} MHz",
        *_work(averaged_cycles, front_end),
    ]
    if board.power is None:
        return (*sentences, f"no power table in boards/{board.name}/board.toml, so no energy and no battery")
    power = board.power
    if averaged_cycles is None:
        return (*sentences, f"{power.run_ma:g} mA running at {power.volts:g} V: {power.source}")
    return (
        *sentences,
        f"{power.run_ma:g} mA running, {power.sleep_ma:g} mA asleep at {power.volts:g} V: {power.source}",
        f"{power.sample_uc:g} uC a sample, {power.advertisement_uc:g} uC an advertisement, one a second",
        f"of the chip alone: no {power.leaves_out}",
    )


def _work(averaged_cycles: AveragedCycles | None, front_end: bool) -> tuple[str, ...]:
    """When the core runs, and for what."""
    if averaged_cycles is None:
        return ("an inference by itself",)
    beats = "beat" if averaged_cycles == 1 else f"{averaged_cycles} beats"
    return (
        f"an inference every {beats}, at {HEART_RATE_BPM} beats a minute",
        "the front end's instructions, as counted on the recording"
        if front_end
        else "without the front end, which --ecg counts",
        "without text",
    )
