"""Which waves stand alone enough to be beats: of two within 240 ms of each other one is none."""

from dataclasses import dataclass, fields, replace

from splkit.ecg.frontend.config import FrontEndConfig
from splkit.ecg.frontend.thresholds import NARROWER_SIXTEENTHS, NARROWNESS_UNIT
from splkit.ecg.frontend.waves import Waves, is_far_higher

NEVER = 1 << 62


@dataclass(frozen=True, slots=True)
class Candidate:
    """A wave that may be a beat; its attributes are those of `Waves`, one of each."""

    known_at: int
    r_sample: int
    other: int
    lean: int
    height: int
    bend: int
    narrowness: int
    clipped: bool


class Isolation:
    """Goes through the waves in order, each once all that may outdo it has been found."""

    def __init__(self, config: FrontEndConfig, waves: Waves) -> None:
        self._config = config
        columns = (getattr(waves, field.name) for field in fields(Candidate))
        rows = zip(*(column.tolist() for column in columns), strict=True)
        self._waves = [Candidate(*row) for row in rows]
        self._next = 0
        self._last: Candidate | None = None

    def due_at(self, now: int) -> int:
        """The newest sample when the next wave is judged, after `now`; `NEVER` where there is none."""
        if self._next == len(self._waves):
            return NEVER
        wave = self._waves[self._next]
        return max(wave.r_sample + self._config.settling, wave.known_at, now + 1)

    def judge(self, now: int, noise: int) -> Candidate | None:
        """The next wave as a candidate, or None: another one is the beat. `noise`: its usual energy."""
        wave = self._waves[self._next]
        self._next += 1
        if self._is_outdone(wave, now, noise):
            return None
        self._last = replace(wave, known_at=now + 1)
        return self._last

    def _is_outdone(self, wave: Candidate, now: int, noise: int) -> bool:
        isolation, last = self._config.isolation, self._last
        if last and wave.r_sample - last.r_sample <= isolation and not self._outdoes(wave, last, noise):
            return True
        for index in range(self._next, len(self._waves)):
            later = self._waves[index]
            distance = later.r_sample - wave.r_sample
            if later.known_at > now:
                break
            if distance <= isolation and self._outdoes(later, wave, noise):
                return True
            if distance <= self._config.shadow and is_far_higher(later.height, wave.height):
                return True
        return False

    def _outdoes(self, later: Candidate, earlier: Candidate, noise: int) -> bool:
        """Whether the later of two near waves is the beat: the higher one, of P and R.

        Where there is little between them and the earlier is too tall for a P wave, half the noise taken off
        it, it is the narrower one, by a sixteenth: of R and a T wave as high, R comes first.
        """
        far = is_far_higher(later.height, earlier.height) or is_far_higher(earlier.height, later.height)
        height = NARROWNESS_UNIT * (2 * earlier.height - noise)
        if not far and height >= 2 * self._config.p_wave * earlier.narrowness:
            return 16 * later.narrowness > NARROWER_SIXTEENTHS * earlier.narrowness
        return later.height > earlier.height
