"""What a firmware says, as types: one a kind of line, docs/protocol.md defines them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Banner:
    """`#`: who is speaking; `end` where a simulation is over."""

    text: str


@dataclass(frozen=True)
class Beat:
    """`B`: a beat that the front end found.

    Attributes:
        r_sample: its R peak, samples since the start.
        rr_ms: distance to the R peak before it; 0 for the first.
        amplitude_uv: R amplitude above the isoelectric level.
        verdict: "ok", or why its cycle was left out.
    """

    r_sample: int
    rr_ms: int
    amplitude_uv: int
    verdict: str


@dataclass(frozen=True)
class Estimate:
    """`K`: an SPL estimate, in micro-equivalents a litre.

    Attributes:
        r_sample: R peak of its last beat.
        spl_ueq_l: the estimate, calibrated.
        low_ueq_l: lower end of its interval; None where the model has none.
        high_ueq_l: upper end.
        output: the network's output as it is.
        alert: the alert state that it leads to.
    """

    r_sample: int
    spl_ueq_l: int
    low_ueq_l: int | None
    high_ueq_l: int | None
    output: int
    alert: str

    @property
    def spl_meq_l(self) -> float:
        """The serum potassium level in mEq/L."""
        return self.spl_ueq_l / 1000

    @property
    def interval(self) -> str:
        """Its interval in words, mEq/L; empty without one."""
        if self.low_ueq_l is None or self.high_ueq_l is None:
            return ""
        return f"{self.low_ueq_l / 1000:.2f} to {self.high_ueq_l / 1000:.2f}"


@dataclass(frozen=True)
class Alert:
    """`A`: the alert state changes at a sample, to "none", "normal", "high", "critical" or "sine"."""

    sample: int
    state: str


@dataclass(frozen=True)
class Fault:
    """`E`: something that went wrong, and how often or where ("lost" samples, "fault" at an address)."""

    word: str
    count: int


@dataclass(frozen=True)
class Reply:
    """`R`: the answer to a command, its fields or the reason why it was refused."""

    command: str
    ok: bool
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trace:
    """`T`: points of the ECG in counts, `step` samples apart, from the sample `sample` on."""

    sample: int
    step: int
    counts: tuple[int, ...]


Event = Banner | Beat | Estimate | Alert | Fault | Reply | Trace
