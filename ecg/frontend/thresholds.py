"""The front end's thresholds that depend on no sampling rate; those that do are in `config`.

The numpy twin reads them here, and the generator writes each as `SPL_FE_<name>` into
`spl_frontend_config.h`, where the C reads it. A name's last part is the unit: FAR_HIGHER_THIRDS = 5 is 5/3.
"""

from typing import Final

RAIL: Final = 32767
"""The largest count: the converter may have been overdriven there."""

BEND_WEIGHT: Final = 6
"""What the bend counts for beside the distance from the level before, when R is told from S."""

UPRIGHT_FIFTHS: Final = 6
"""R, the highest point, is favoured by a fifth before the lowest."""

LEAN_LIKE_32NDS: Final = 12
"""A complex is like the usual one where its lean to a side differs by at most so much. Breathing changes the
ratio of R to S by a fifth or so, an ectopic complex of another origin by more."""

LEAN_FOLLOW_SHIFT: Final = 3
"""The usual lean moves an eighth of the way towards each complex that is like it,"""

LEAN_OVER_32NDS: Final = 3
"""and R changes sides when it lies so far on the other one: a tenth of the larger deflection."""

LEAN_OWN_32NDS: Final = 4
"""A complex that leans more than that has R on its own side: there is no doubt which one is the larger."""

LEAN_EVEN_32NDS: Final = 32 * (UPRIGHT_FIFTHS - 5) // UPRIGHT_FIFTHS
"""The lean of a complex whose deflections are as large: only in usual complexes R is favoured."""

FAR_HIGHER_THIRDS: Final = 5
"""A wave is far higher than another where it is two thirds as high again."""

NARROWNESS_UNIT: Final = 64
"""A wave is so narrow: its energy, so many times, by its amplitude."""

NARROWER_SIXTEENTHS: Final = 17
"""Of two waves about as high, the later is the beat where it is narrower by a sixteenth."""

CANDIDATES: Final = 12
"""Candidates remembered: more than the 9 that fit, isolated, in the 2 s of learning."""

LEVELS: Final = 8
"""Values in a median (Hamilton 2002)."""

STEADY_PARTS: Final = 8
"""8 values are steady where their middle half lies within an eighth of the median."""

HIGH_32NDS: Final = 12
HIGHEST_32NDS: Final = 32
"""The threshold early after a beat, of the way from noise to beats: without noise, and at most."""

DUE_32NDS: Final = 6
"""To where it falls in a steady rhythm, when a beat is due,"""

DUE_FROM_EIGHTHS: Final = 5
"""from so much of an RR interval on."""

RESTLESS_32NDS: Final = 8
"""To where it falls in any other rhythm, after the T wave."""

NOISE_PARTS: Final = 40
"""Noise of a fortieth of the beats raises the early threshold by a 32nd."""

LARGEST_GROWTH: Final = 3
"""A beat counts for so many times the usual height at most."""

ALTERNATING: Final = 3
"""RR intervals that say whether beats come soon, late, soon, late;"""

ALIKE_PARTS: Final = 8
"""two are alike that differ by an eighth at most,"""

LATE_QUARTERS: Final = 5
"""and late is more than 5/4 of soon."""

T_WAVE_RR_64THS: Final = 9
"""What of the RR interval adds to the time when the T wave is over: about a seventh."""

DULL_TENTHS: Final = 8
DULL_FIRST_TENTHS: Final = 5
"""A T wave has at most so much of its R's sharpness times narrowness: after a beat, and before the first."""

WIDE_EIGHTHS: Final = 7
"""While the heart rate is unknown, a T wave is narrower than its R by an eighth at least."""

SHARP_EIGHTHS: Final = 9
"""A beat bends as its share of noise has it, of so much of what beats do (Moody, Muldrow and Mark 1984)."""

MISSED_QUARTERS: Final = 5
"""Search-back begins so many RR intervals after a beat,"""

HALVINGS_MAX: Final = 30
"""and the threshold halves so often at most."""

NOISY_PARTS: Final = 2
"""A beat is noisy where noise reaches half of its height; what was missed must be as much above it."""

T_NOISE_SHIFT: Final = 3
"""A T wave nearly as high as R counts as an eighth of the beats among the noise."""

PREMATURE_FIFTHS: Final = 4
"""A beat is premature where its RR interval is under 4/5 of the median,"""

PAUSED_HALVES: Final = 3
"""and comes after a pause where it is over 3/2 of it."""

SKIPPED_MAX: Final = 2
"""Beats left out, for each in a mean: with more than two in three rejected, what was accepted is accident."""

PIVOT: Final = 24
"""Where the lines of the baseline meet: 80 ms before R, the middle of the PR segment. In points."""

QRS_BEFORE: Final = 5
QRS_COARSE: Final = 12
"""Coarse points before R that belong to its complex (100 ms), and all of them (to 120 ms after R)."""

NARROW_Q12: Final = 3 << 10
"""How much a complex bends at R, Q12 of it over 20 ms: less is as wide as a T wave, or a sine wave."""

DEEP_PARTS: Final = 2
"""A complex bends at least half as much as it is deep."""

RIVAL_QUARTERS: Final = 3
"""Nothing else bends more than three quarters as much: R and T may have been confused."""

LIKENESS_BITS: Final = 5
"""How alike two rows are, their squared correlation in 32nds, is at most 31."""

QRS_LIKE_32NDS: Final = 29
"""The least squared correlation of a complex's slopes with those of the template's (0.95 squared)."""

CYCLE_LIKE_32NDS: Final = 20
"""The least squared correlation of a cycle with the template where there is little noise (0.79 squared),"""

CYCLE_LESS_LIKE_32NDS: Final = 10
CYCLE_LIKE_LEAST_32NDS: Final = 8
"""elsewhere so much less than is usual, and no less than 0.5 squared: noise has three times the variance of
the cycle there, and less than half of it in a mean of 8."""

FUSED_FIFTHS: Final = 6
"""A complex a fifth larger than usual, whose slopes are the usual ones not quite, to a 32nd, is fused with a
ventricular one, where there is little noise: both add up."""

UNLIKE_MAX: Final = 8
"""So many cycles in a row unlike the template and like each other, and they are it: the lead has moved."""

FOLLOW_SHIFT: Final = 3
"""The template moves an eighth of the way towards each cycle that is like it."""

SPIKE_AWAY: Final = 3
SPIKE_SHIFT: Final = 4
"""10 ms to both sides of R a sixteenth of a QRS complex's height is left and more; of a pacing spike less."""

ROUGH_PARTS: Final = 2
"""A cycle is noisy where even the flattest 20 ms of the next PR segment go up and down by half of R, all in
all: there the mains reach about a seventh of R."""

LARGEST_SHIFT_Q10: Final = 3 << 9
"""1.5 points of a cycle, 5 ms: R is at most a sample of 125 Hz from where it was found."""
