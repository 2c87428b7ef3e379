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
    """`K`: an estimate of a model of potassium: an SPL, in micro-equivalents a litre.

    Attributes:
        r_sample: R peak of its last beat.
        spl_ueq_l: the estimate, calibrated.
        low_ueq_l: lower end of its interval; None where the model has none.
        high_ueq_l: upper end.
        outputs: of the network as they are: one, or one a quantile.
        alert: the alert state that it leads to.
        risk_high_permille: the chance, in thousandths, that SPL is at or above the first alert level of then;
            None where the model has no quantiles.
        risk_critical_permille: and the second.
        cycles: accepted cycles in the mean that was answered; None where all means are of as many.
    """

    r_sample: int
    spl_ueq_l: int
    low_ueq_l: int | None
    high_ueq_l: int | None
    outputs: tuple[int, ...]
    alert: str
    risk_high_permille: int | None = None
    risk_critical_permille: int | None = None
    cycles: int | None = None

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

    @property
    def risks(self) -> str:
        """Its risks in words, of the first and the second alert level; empty without them."""
        if self.risk_high_permille is None or self.risk_critical_permille is None:
            return ""
        return f"{self.risk_high_permille / 10:.1f} %, {self.risk_critical_permille / 10:.1f} %"


@dataclass(frozen=True)
class Probability:
    """`P`: an answer of a classifier: the probability that the SPL is at or above a level.

    Attributes:
        r_sample: R peak of its last beat.
        permille: the probability, thousandths.
        spl_ueq_l: the level, micro-equivalents a litre.
        output: the network's output as it is.
        alert: the alert state that it leads to.
    """

    r_sample: int
    permille: int
    spl_ueq_l: int
    output: int
    alert: str

    @property
    def words(self) -> str:
        """What it says."""
        return f"probability {self.permille / 1000:.3f} of SPL >= {self.spl_ueq_l / 1000:g} mEq/L"


@dataclass(frozen=True)
class Value:
    """`V`: an answer of a model of another task, which has no alert states.

    Attributes:
        r_sample: R peak of its last beat.
        milli: the value, thousandths of the unit.
        output: the network's output as it is.
        unit: the unit.
    """

    r_sample: int
    milli: int
    output: int
    unit: str

    @property
    def words(self) -> str:
        """What it says."""
        return f"{self.milli / 1000:g} {self.unit}"


@dataclass(frozen=True)
class Alert:
    """`A`: the alert state changes at a sample.

    To "none" or "sine"; of potassium to "normal", "high" or "critical", of a probability to "unlikely" or
    "likely". A newer device may know others.
    """

    sample: int
    state: str


@dataclass(frozen=True)
class Alarm:
    """`L`: an alarm changes at a sample.

    Attributes:
        sample: where.
        name: "critical", "sine", "high" or "likely" of a patient; "device", "signal" or "battery".
        state: "off", "active", "latched" or "acknowledged".
    """

    sample: int
    name: str
    state: str


@dataclass(frozen=True)
class Fault:
    """`E`: something that went wrong, and how often or where ("lost" samples, "fault" at an address)."""

    word: str
    count: int

    @property
    def words(self) -> str:
        """What it says; a word that is not known stands as it is."""
        if self.word == "implausible":
            return f"no estimate: the network's output {self.count} is outside of the plausible range"
        if self.word == "unlike":
            return f"no estimate: the cycle is unlike those of training, at {self.count} % of the limit"
        if self.word == "inference":
            return f"no estimate: the inference failed with status {self.count}"
        return f"fault: {self.word} {self.count}"


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


Event = Banner | Beat | Estimate | Probability | Value | Alert | Alarm | Fault | Reply | Trace
