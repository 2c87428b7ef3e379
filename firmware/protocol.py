"""The lines that a firmware writes, read back: docs/firmware.md defines them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from splkit.errors import ToolError


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
    """`K`: an SPL estimate in micro-equivalents a litre, the R peak of its last beat, the net's output."""

    r_sample: int
    spl_ueq_l: int
    output: int

    @property
    def spl_meq_l(self) -> float:
        """The serum potassium level in mEq/L."""
        return self.spl_ueq_l / 1000


@dataclass(frozen=True)
class Fault:
    """`E`: something that went wrong, and how often or where ("lost" samples, "fault" at an address)."""

    word: str
    count: int


@dataclass
class Report:
    """All that a run said, in order within each kind."""

    banner: str = ""
    beats: list[Beat] = field(default_factory=list)
    estimates: list[Estimate] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def parse_lines(lines: Iterable[str]) -> Report:
    """Read the lines of one run.

    Raises:
        ToolError: a line is none of `#`, `B`, `K`, `E`, or its fields are not what they should be.
    """
    report = Report()
    for number, line in enumerate(lines, start=1):
        try:
            kind, *fields = line.split()
            _READERS[kind](report, line, fields)
        except (KeyError, ValueError) as error:
            raise ToolError(
                "a firmware writes lines of the kinds #, B, K and E",
                found=f"{line!r} in line {number}",
                next_step="check the baud rate, and that splkit and the firmware have the same version",
            ) from error
    return report


def _banner(report: Report, line: str, _fields: list[str]) -> None:
    report.banner = report.banner or line.removeprefix("# ")


def _beat(report: Report, _line: str, fields: list[str]) -> None:
    r_sample, rr_ms, amplitude_uv, verdict = fields
    report.beats.append(Beat(int(r_sample), int(rr_ms), int(amplitude_uv), verdict))


def _estimate(report: Report, _line: str, fields: list[str]) -> None:
    r_sample, spl_ueq_l, output = map(int, fields)
    report.estimates.append(Estimate(r_sample, spl_ueq_l, output))


def _fault(report: Report, _line: str, fields: list[str]) -> None:
    word, count = fields
    report.faults.append(Fault(word, int(count)))


_READERS: dict[str, Callable[[Report, str, list[str]], None]] = {
    "#": _banner,
    "B": _beat,
    "K": _estimate,
    "E": _fault,
}
