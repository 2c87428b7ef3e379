"""What became of a page: one row of the summary, kept beside the results as NAME.json."""

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from splkit.ecg.paper.contracts import SEGMENT_FS_HZ, Digitized
from splkit.files import write_whole

Status = Literal["read", "look", "failed"]
"""Read; read, but a segment or an assumed scale is to be looked at; not read."""


class SegmentFacts(BaseModel):
    """One segment: where, and how far it is to be trusted. `docs/paper.md` has each figure."""

    lead: str
    is_rhythm: bool
    start_s: float
    duration_s: float
    coverage: float
    residual: float
    hidden_ms: float
    strip_correlation: float | None
    einthoven_mv: float | None
    confidence: float
    is_good: bool


class Reading(BaseModel):
    """What was measured on a page."""

    layout: str
    px_per_mm_x: float
    px_per_mm_y: float
    mm_per_s: list[float]
    mm_per_mv: list[float]
    notes: list[str]
    assumed: list[str]
    segments: list[SegmentFacts]

    @property
    def doubtful(self) -> list[SegmentFacts]:
        """Segments that are not called good."""
        return [each for each in self.segments if not each.is_good]


class PageResult(BaseModel):
    """One page: what it was, what became of it, and the files that were made."""

    splkit: str
    source: str
    page: int
    name: str
    sha256: str
    options: dict[str, object]
    status: Status
    message: str = ""
    reading: Reading | None = None
    estimate: str = ""
    cpu_s: float = 0.0
    files: dict[str, str] = {}
    """By name in the folder of results, the SHA-256 of each file made."""

    def json_bytes(self) -> bytes:
        """As it is kept."""
        return (self.model_dump_json(indent=2) + "\n").encode()


def reading_of(digitized: Digitized, good: float) -> Reading:
    """The figures of a page; a segment with a confidence of `good` or more is called good."""
    panels = digitized.layout.panels
    return Reading(
        layout=digitized.layout.name,
        px_per_mm_x=digitized.grid.px_per_mm_x,
        px_per_mm_y=digitized.grid.px_per_mm_y,
        mm_per_s=sorted({panel.mm_per_s for panel in panels}),
        mm_per_mv=sorted({panel.mm_per_mv for panel in panels}),
        notes=[*digitized.layout.notes, *digitized.notes],
        assumed=list(digitized.layout.assumed),
        segments=[
            SegmentFacts(
                lead=each.lead,
                is_rhythm=each.is_rhythm,
                start_s=each.start_s,
                duration_s=len(each.signal_mv) / SEGMENT_FS_HZ,
                coverage=each.quality.coverage,
                residual=each.quality.residual,
                hidden_ms=each.quality.hidden_ms,
                strip_correlation=each.quality.strip_correlation,
                einthoven_mv=each.quality.einthoven_mv,
                confidence=each.quality.confidence,
                is_good=each.quality.confidence >= good,
            )
            for each in digitized.segments
        ],
    )


def state_path(out: Path, name: str) -> Path:
    """Where the result of a page is kept."""
    return out / f"{name}.json"


def write_result(out: Path, result: PageResult) -> None:
    """Keeps a result that has changed.

    Raises:
        UsageError: the folder cannot be written to.
    """
    write_whole(state_path(out, result.name), result.json_bytes())


def kept_result(path: Path) -> PageResult | None:
    """The result in a file; None where there is none, or none of ours."""
    try:
        return PageResult.model_validate_json(path.read_bytes())
    except (OSError, ValueError, ValidationError):
        return None
