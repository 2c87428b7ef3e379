"""The sequential part of the detector: which candidates are beats."""

from bisect import bisect_right
from dataclasses import dataclass

from splkit.ecg.frontend.config import CANDIDATES, FrontEndConfig
from splkit.ecg.frontend.features import Candidates

LEVELS = 8


@dataclass(frozen=True)
class Beat:
    """A beat, not yet reported.

    Attributes:
        r_sample: R peak.
        known_at: newest sample when it was recognised.
        noisy: whether noise between the beats reaches half of its height.
        rr_median: of the last 8 RR intervals, its own included; 0 for the first beat.
    """

    r_sample: int
    known_at: int
    noisy: bool
    rr_median: int


def median(values: list[int]) -> int:
    """The upper median of a few values; 0 of none."""
    return sorted(values)[len(values) // 2] if values else 0


class Detector:
    """Adaptive thresholds between the medians of the last 8 beats and of the last 8 other candidates."""

    def __init__(self, config: FrontEndConfig, candidates: Candidates) -> None:
        self._config = config
        self._known_at: list[int] = candidates.known_at.tolist()
        self._r_sample: list[int] = candidates.r_sample.tolist()
        self._height: list[int] = candidates.height.tolist()
        self._signal = [self._learned_height()] * LEVELS
        self._noise = [0] * LEVELS
        self._rr: list[int] = []
        self._next = 0
        self._history_start = 0
        self._last_r, self._last_height = 0, 0
        self._known = 0
        self.beats: list[Beat] = []

    def _learned_height(self) -> int:
        learned = bisect_right(self._known_at, self._config.learning - 1)
        return max(self._height[:learned], default=self._config.height_floor)

    def run(self) -> list[Beat]:
        """All beats, in order."""
        now = self._config.learning - 2
        while self._next < len(self._height):
            now = max(now + 1, self._known_at[self._next])
            while self._known < len(self._known_at) and self._known_at[self._known] <= now:
                self._known += 1
            self._step(now)
        return self.beats

    def _step(self, now: int) -> None:
        """Recognise a missed beat before the next candidate, or else judge that candidate."""
        if not self._search_back(now):
            self._judge(now)
            self._next += 1

    def _threshold(self) -> int:
        noise = median(self._noise)
        return noise + ((median(self._signal) - noise) * 13 >> 5)

    def _judge(self, now: int) -> None:
        r_sample, height = self._r_sample[self._next], self._height[self._next]
        distance = r_sample - self._last_r
        is_beat = height > self._threshold()
        if self.beats:
            is_t_wave = distance < self._config.t_wave and 2 * height < self._last_height
            is_beat = is_beat and distance > self._config.refractory and not is_t_wave
        if is_beat:
            self._accept(self._next, now)
        else:
            self._push(self._noise, min(height, median(self._signal)))

    def _search_back(self, now: int) -> bool:
        config = self._config
        r_sample = self._r_sample[self._next]
        gap = r_sample - self._last_r
        limit = median(self._rr) * 13 >> 3 if self._rr else config.pause
        if gap <= limit:
            return False
        first = max(self._history_start, self._known - CANDIDATES)
        best = -1
        for index in range(first, self._next):
            after = self._r_sample[index] - self._last_r
            inside = after > config.t_wave and r_sample - self._r_sample[index] > config.refractory
            if inside and (best < 0 or self._height[index] > self._height[best]):
                best = index
        if best < 0:
            return False
        halvings = min(max(gap - config.pause, 0) // config.pause_step, 31)
        threshold = self._threshold() * 13 >> 5 >> halvings
        if halvings:
            threshold = max(threshold, 2 * median(self._noise))
        if self._height[best] <= threshold:
            return False
        if halvings:
            self._signal = [self._height[best]] * LEVELS
        self._accept(best, now)
        return True

    def _accept(self, index: int, now: int) -> None:
        r_sample, height = self._r_sample[index], self._height[index]
        if self.beats:
            self._push(self._rr, r_sample - self._last_r)
        noisy = 2 * median(self._noise) > height
        self.beats.append(Beat(r_sample, now, noisy, median(self._rr)))
        self._push(self._signal, min(height, 3 * median(self._signal)))
        self._history_start = index + 1
        self._last_r, self._last_height = r_sample, height

    @staticmethod
    def _push(levels: list[int], value: int) -> None:
        levels.append(value)
        del levels[:-LEVELS]
