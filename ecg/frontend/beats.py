"""The sequential part of the detector: which candidates are beats."""

from dataclasses import dataclass

from splkit.ecg.frontend import thresholds as limits
from splkit.ecg.frontend.candidates import NEVER, Candidate, Isolation
from splkit.ecg.frontend.config import FrontEndConfig
from splkit.ecg.frontend.levels import Levels
from splkit.ecg.frontend.side import Side
from splkit.ecg.frontend.waves import Waves, is_far_higher


@dataclass(frozen=True)
class Beat:
    """A beat, not yet reported.

    Attributes:
        r_sample: R peak, on the side of the record's usual complex.
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

    They go by the larger deflection of each; the beats that they give have R on the usual side.
    Candidates with samples on the rails can be beats, but no threshold follows them. Nor do T waves nearly as
    high as R count among the others: the next R must still stand out.
    """

    def __init__(self, config: FrontEndConfig, waves: Waves) -> None:
        self._config = config
        self._isolation = Isolation(config, waves)
        self._candidates: list[Candidate] = []
        self._signal = Levels()
        self._noise = Levels()
        self._bends = Levels()
        self._rr = Levels()
        self._side = Side()
        self._now = -1
        self._next = 0
        self._last = -1
        self._last_r = 0
        self._last_placed = 0
        self._shape: Candidate | None = None
        self.beats: list[Beat] = []

    def run(self) -> list[Beat]:
        """All beats, in order. A wave or a candidate is judged at most at each sample."""
        while self._isolation.due_at(self._now) < self._config.learning - 1:
            self._isolate()
        self._learn()
        while (at := min(self._judged_at(), self._isolation.due_at(self._now))) < NEVER:
            if at < self._judged_at():
                self._isolate()
                continue
            self._now = at
            if not self._search_back():
                self._judge()
                self._next += 1
        return self.beats

    def _learn(self) -> None:
        waves = [candidate for candidate in self._candidates if not candidate.clipped]
        self._shape = max(waves, key=lambda candidate: candidate.height, default=None)
        self._signal = Levels([self._shape.height if self._shape else self._config.height_floor])
        if self._shape:
            highest = self._shape.height
            self._side.learn(wave for wave in waves if not is_far_higher(highest, wave.height))
        self._now = self._config.learning - 1

    def _isolate(self) -> None:
        self._now = self._isolation.due_at(self._now)
        candidate = self._isolation.judge(self._now, self._noise.median)
        if candidate:
            self._candidates.append(candidate)

    def _judged_at(self) -> int:
        """When the next candidate is judged, or what was missed before it recognised."""
        if self._next == len(self._candidates):
            return NEVER
        return max(self._now + 1, self._candidates[self._next].known_at)

    def _usual_rr(self) -> int:
        return self._rr.median if self._rr else self._config.fs_hz

    def _knows_rate(self) -> bool:
        """One RR interval alone may be from the first T wave to an R."""
        return len(self._rr) > 1

    def _t_wave(self, distance: int = 0) -> int:
        """When the T wave is over, samples after R: later at slow rates, and at one unknown.

        Where beats have come soon, late, soon, late, and one at `distance` would be the next,
        they may have been R, T, R, T: the RR interval is then two of theirs.
        """
        rr = self._usual_rr()
        if not self._knows_rate():
            rr = max(rr, self._config.fs_hz)
        elif self._alternates(min(distance, 65535)):
            rr = max(rr, min(distance + self._rr.recent(0), self._config.t_wave_rr))
        return self._config.t_wave + (limits.T_WAVE_RR_64THS * rr >> 6)

    @staticmethod
    def _alike(rr: int, other_rr: int) -> bool:
        return limits.ALIKE_PARTS * abs(rr - other_rr) <= other_rr

    def _alternates(self, soon: int) -> bool:
        if len(self._rr) < limits.ALTERNATING:
            return False
        late, soon_before, late_before = (self._rr.recent(age) for age in range(limits.ALTERNATING))
        is_regular = self._alike(soon_before, soon) and self._alike(late_before, late)
        return is_regular and 4 * late > limits.LATE_QUARTERS * soon

    def _threshold(self, distance: int) -> int:
        """How high a beat must be, `distance` after the last: from noise so many 32nds of the way to beats.

        In a steady rhythm 12, and more where there is noise, falling to 6 from 5/8 of an RR interval until a
        beat is due; in any other from 12 to 8 after the T wave.
        """
        rr, noise = self._usual_rr(), self._noise.median
        above, high = self._signal.median - noise, limits.HIGH_32NDS
        if self._rr.steady:
            raised = noise // (self._signal.median // limits.NOISE_PARTS + 1)
            early = min(high + raised, limits.HIGHEST_32NDS)
            until_due = (8 - limits.DUE_FROM_EIGHTHS) * rr
            late = min(max(8 * min(distance, 65535) - limits.DUE_FROM_EIGHTHS * rr, 0), until_due)
            return noise + (above * (early - (early - limits.DUE_32NDS) * late // until_due) >> 5)
        late = min(max(distance - self._t_wave(), 0), self._config.decay)
        return noise + (above * (high - (high - limits.RESTLESS_32NDS) * late // self._config.decay) >> 5)

    def _judge(self) -> None:
        candidate, usual = self._candidates[self._next], self._signal.median
        distance = candidate.r_sample - self._last_r
        stands_out = candidate.height > self._threshold(distance) and candidate.bend >= self._dullest()
        may_follow = self._may_follow(candidate)
        if stands_out and may_follow:
            self._accept(self._next)
        elif not candidate.clipped:
            noise = max(self._noise.median, usual >> limits.T_NOISE_SHIFT)
            counts = may_follow or is_far_higher(usual, candidate.height)
            self._noise.push(min(candidate.height, usual) if counts else noise)

    def _may_follow(self, candidate: Candidate) -> bool:
        """Whether a candidate is neither the last beat's T wave nor an echo of it.

        A T wave is duller and wider than its R: early on it is wider (by an eighth, while the heart rate is
        unknown), or has at most four fifths of sharpness times narrowness, and less and less of that from
        where T waves end. A recording may begin with a T wave: it has at most half of that of the highest
        wave in the first 2 s.
        """
        if self._shape is None:
            return True
        fade = self._config.t_wave_fade
        tenths = limits.DULL_TENTHS if self.beats else limits.DULL_FIRST_TENTHS
        distance = candidate.r_sample - self._last_r
        left = min(max(self._t_wave(distance) + self._config.t_wave_tail - distance, 0), fade)
        shape = 10 * max(candidate.bend, 0) * candidate.narrowness * fade * fade
        if shape < tenths * self._shape.bend * self._shape.narrowness * left * left:
            return False
        eighths = 8 if self._knows_rate() else limits.WIDE_EIGHTHS
        is_wide = 8 * candidate.narrowness < eighths * self._shape.narrowness
        is_early = distance <= self._config.refractory or (left >= self._config.t_wave_wide and is_wide)
        return not (self.beats and is_early)

    def _dullest(self) -> int:
        """How sharply a beat must bend where there is noise: as its share of beats, 9/8 of what beats do.

        Electrode motion is as high as beats, but slower (Moody, Muldrow and Mark 1984).
        """
        noise_q5 = min((self._noise.median << 5) // self._signal.median, 32)
        return self._bends.median * limits.SHARP_EIGHTHS * noise_q5 >> 8

    def _search_back(self) -> bool:
        """Recognise the beat that was missed, if one was, before the next candidate is judged."""
        config = self._config
        gap = self._candidates[self._next].r_sample - self._last_r
        limit = self._rr.median * limits.MISSED_QUARTERS >> 2 if self._rr else config.pause
        missed = self._highest_missed() if gap > limit else -1
        if missed < 0:
            return False
        height, noise = self._candidates[missed].height, self._noise.median
        lowest = noise + ((self._signal.median - noise) * limits.HIGH_32NDS >> 5) >> 1
        if height <= lowest:
            halvings = min(max(gap - config.pause, 0) // config.pause_step, limits.HALVINGS_MAX)
            if height <= max(lowest >> halvings, limits.NOISY_PARTS * noise):
                return False
            self._signal = Levels([height])
        self._accept(missed)
        return True

    def _highest_missed(self) -> int:
        """The highest candidate since the last beat, neither its T wave nor beside the next candidate."""
        next_r, best = self._candidates[self._next].r_sample, -1
        first = max(self._last + 1, len(self._candidates) - limits.CANDIDATES)
        from_r = self._last_r + self._t_wave() + self._config.t_wave_over
        for index, candidate in enumerate(self._candidates[first : self._next], first):
            until = next_r - candidate.r_sample
            inside = candidate.r_sample > from_r and until > self._config.refractory
            higher = best < 0 or candidate.height > self._candidates[best].height
            if inside and higher and not candidate.clipped and self._may_follow(candidate):
                best = index
        return best

    def _accept(self, index: int) -> None:
        candidate = self._candidates[index]
        placed, rr = self._side.place(candidate), 0
        if self.beats:
            rr = min(placed - self._last_placed, 65535)
            self._rr.push(min(candidate.r_sample - self._last_r, 65535))
        noisy = limits.NOISY_PARTS * self._noise.median > candidate.height
        self.beats.append(Beat(placed, rr, self._now, noisy, self._rr.median))
        if not candidate.clipped:
            self._signal.push(min(candidate.height, limits.LARGEST_GROWTH * self._signal.median))
            self._bends.push(candidate.bend)
        self._last, self._last_r, self._shape = index, candidate.r_sample, candidate
        self._last_placed = placed
