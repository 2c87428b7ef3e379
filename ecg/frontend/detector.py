"""The sequential part of the detector: which candidates are beats."""

from bisect import bisect_right
from dataclasses import dataclass

from splkit.ecg.frontend.config import CANDIDATES, FrontEndConfig
from splkit.ecg.frontend.features import Candidates
from splkit.ecg.frontend.levels import SIZE, Levels

_LARGEST_GROWTH = 3
"""A beat counts for so many times the usual height at most."""

_HIGH, _HIGHEST = 12, 32
"""The threshold early after a beat, in 32nds of the way from noise to beats: without noise, and at most."""


@dataclass(frozen=True)
class Beat:
    """A beat, not yet reported.

    Attributes:
        r_sample: R peak.
        rr_samples: distance to the R peak before it, 0 for the first, 65535 at most.
        known_at: newest sample when it was recognised.
        noisy: whether noise between the beats reaches half of its height.
        rr_median: of the last 8 RR intervals, its own included; 0 for the first beat.
    """

    r_sample: int
    rr_samples: int
    known_at: int
    noisy: bool
    rr_median: int


class Detector:
    """Adaptive thresholds between the medians of the last 8 beats and of the last 8 other candidates.

    Candidates with samples on the rails can be beats, but no threshold follows them. A T wave as high as R
    counts for half as much among the others: the next R must still stand out.
    """

    def __init__(self, config: FrontEndConfig, candidates: Candidates) -> None:
        self._config = config
        self._known_at: list[int] = candidates.known_at.tolist()
        self._r_sample: list[int] = candidates.r_sample.tolist()
        self._height: list[int] = candidates.height.tolist()
        self._bend: list[int] = candidates.bend.tolist()
        self._clipped: list[bool] = candidates.clipped.tolist()
        learned = range(bisect_right(self._known_at, config.learning - 1))
        heights = [self._height[index] for index in learned if not self._clipped[index]]
        self._signal = Levels([max(heights, default=config.height_floor)])
        self._noise = Levels([0] * (SIZE // 2))
        self._bends = Levels()
        self._rr = Levels()
        self._next = self._known = 0
        self._last = -1
        self._last_r = 0
        self.beats: list[Beat] = []

    def run(self) -> list[Beat]:
        """All beats, in order."""
        now = self._config.learning - 2
        while self._next < len(self._height):
            now = max(now + 1, self._known_at[self._next])
            while self._known < len(self._known_at) and self._known_at[self._known] <= now:
                self._known += 1
            if not self._search_back(now):
                self._judge(now)
                self._next += 1
        return self.beats

    def _usual_rr(self) -> int:
        return self._rr.median if self._rr else self._config.fs_hz

    def _t_wave(self) -> int:
        """When the T wave is over, samples after R: later at slow rates."""
        return self._config.t_wave + (9 * self._usual_rr() >> 6)

    def _threshold(self, distance: int) -> int:
        """How high a beat must be, `distance` after the last: from noise so many 32nds of the way to beats.

        In a steady rhythm 12, and more where there is noise, falling to 6 from 5/8 of an RR interval until a
        beat is due; in any other from 12 to 8 after the T wave.
        """
        rr, noise = self._usual_rr(), self._noise.median
        above = self._signal.median - noise
        if self._rr.steady:
            early = min(_HIGH + noise // (self._signal.median // 40 + 1), _HIGHEST)
            late = min(max(8 * min(distance, 65535) - 5 * rr, 0), 3 * rr)
            return noise + (above * (early - (early - 6) * late // (3 * rr)) >> 5)
        late = min(max(distance - self._t_wave(), 0), self._config.decay)
        return noise + (above * (_HIGH - 4 * late // self._config.decay) >> 5)

    def _judge(self, now: int) -> None:
        index, usual = self._next, self._signal.median
        distance = self._r_sample[index] - self._last_r
        stands_out = self._height[index] > self._threshold(distance) and self._bend[index] >= self._dullest()
        if stands_out and self._may_follow(index, distance):
            self._accept(index, now)
        elif not self._clipped[index]:
            self._noise.push(min(self._height[index], usual >> 1 if stands_out else usual))

    def _may_follow(self, index: int, distance: int) -> bool:
        """Whether a candidate so long after the last beat is neither its T wave nor an echo of it."""
        if not self.beats:
            return True
        fade = self._config.t_wave_fade
        left = min(max(self._t_wave() + self._config.t_wave_tail - distance, 0), fade - (fade >> 4))
        is_t_wave = self._bend[index] * fade < self._bend[self._last] * left
        return distance > self._config.refractory and not is_t_wave

    def _dullest(self) -> int:
        """How sharply a beat must bend where there is noise: as its share of beats, 7/8 of what beats do.

        Electrode motion is as high as beats, but slower (Moody, Muldrow and Mark 1984).
        """
        noise_q5 = min((self._noise.median << 5) // self._signal.median, 32)
        return self._bends.median * 7 * noise_q5 >> 8

    def _search_back(self, now: int) -> bool:
        """Recognise the beat that was missed, if one was, before the next candidate is judged."""
        config = self._config
        gap = self._r_sample[self._next] - self._last_r
        limit = self._rr.median * 5 >> 2 if self._rr else config.pause
        missed = self._highest_missed() if gap > limit else -1
        if missed < 0:
            return False
        height = self._height[missed]
        noise = self._noise.median
        lowest = noise + ((self._signal.median - noise) * _HIGH >> 5) >> 1
        if height <= lowest:
            halvings = min(max(gap - config.pause, 0) // config.pause_step, 30)
            if height <= max(lowest >> halvings, 2 * noise):
                return False
            self._signal = Levels([height])
        self._accept(missed, now)
        return True

    def _highest_missed(self) -> int:
        """The highest candidate since the last beat, neither its T wave nor beside the next candidate."""
        next_r, best = self._r_sample[self._next], -1
        after_t_wave = self._t_wave() + (self._config.t_wave_tail >> 1)
        for index in range(max(self._last + 1, self._known - CANDIDATES), self._next):
            since, until = self._r_sample[index] - self._last_r, next_r - self._r_sample[index]
            inside = since > after_t_wave and until > self._config.refractory
            higher = best < 0 or self._height[index] > self._height[best]
            if inside and higher and not self._clipped[index]:
                best = index
        return best

    def _accept(self, index: int, now: int) -> None:
        rr = min(self._r_sample[index] - self._last_r, 65535) if self.beats else 0
        if self.beats:
            self._rr.push(rr)
        noisy = 2 * self._noise.median > self._height[index]
        self.beats.append(Beat(self._r_sample[index], rr, now, noisy, self._rr.median))
        if not self._clipped[index]:
            self._signal.push(min(self._height[index], _LARGEST_GROWTH * self._signal.median))
            self._bends.push(self._bend[index])
        self._last, self._last_r = index, self._r_sample[index]
