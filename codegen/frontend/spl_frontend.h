/* The front end: R peaks and one-cycle ECGs from a stream of samples.
 *
 * Fixed point, constant memory, bounded work a sample, at most one beat a push. Not reentrant for
 * one context; any number of contexts may run beside each other.
 */
#ifndef SPL_FRONTEND_H
#define SPL_FRONTEND_H

#include <stdbool.h>
#include <stdint.h>

#include "spl_frontend_config.h"

#define SPL_FE_COARSE_SIZE (SPL_CYCLE_SIZE / SPL_FE_COARSE_STEP)
/* Energies held: a peak, once it is over, and as many before it as it has to exceed. */
#define SPL_FE_HELD (SPL_FE_SEPARATION + 1)
/* More waves than are found, each alone within SPL_FE_SEPARATION, while one of them settles. */
#define SPL_FE_WAVES 8
/* At most 7 beats, a refractory period apart, wait until their cycles are cut. */
#define SPL_FE_PENDING 8

/* What a push reports; events combine. */
#define SPL_EVENT_BEAT 1u
#define SPL_EVENT_CYCLE 2u

/* Why a beat's cycle was taken or left out. */
enum {
  SPL_VERDICT_ACCEPTED = 0,
  SPL_VERDICT_FIRST = 1, /* no beat before it */
  SPL_VERDICT_RR = 2, /* RR interval outside 300 ms to 2 s */
  SPL_VERDICT_ECTOPIC = 3, /* premature */
  SPL_VERDICT_NOISE = 4, /* too small, or noise comes near the beats */
  SPL_VERDICT_CLIP = 5, /* samples on the rails */
  SPL_VERDICT_LEAD_OFF = 6, /* a flat stretch */
  SPL_VERDICT_LATE = 7, /* found after its samples had left the ring */
  SPL_VERDICT_WIDE = 8, /* no QRS complex: as wide as a T wave, or rivalled by one; a sine wave */
  SPL_VERDICT_UNLIKE = 9, /* shaped unlike the beats before it */
  SPL_VERDICT_CUT = 10, /* cut short by a premature beat before its T wave is over */
  SPL_VERDICTS = 11
};
typedef uint8_t spl_verdict_t;

typedef struct {
  uint32_t r_sample; /* R peak, counted from the first sample, modulo 2^32 */
  uint16_t rr_samples; /* distance to the R peak before it: 0 for the first beat, 65535 at most */
  int16_t
      amplitude; /* R above the isoelectric level, counts; negative where the complex points down */
  spl_verdict_t verdict;
} spl_beat_t;

/* The last values of a quantity and their upper median. */
typedef struct {
  uint8_t count;
  bool steady; /* the middle half of 8 lies within an eighth of the median */
  uint32_t next;
  int32_t median;
  int32_t value[SPL_FE_LEVELS];
  int32_t sorted[SPL_FE_LEVELS];
} spl_levels_t;

/* A wave; one that no other within SPL_FE_ISOLATION outdoes is a candidate for a beat. */
typedef struct {
  uint32_t r_sample; /* the extremum of its larger deflection */
  int32_t height; /* energy of its curvature */
  int32_t bend; /* how sharp it is: the curvature about its extremum, on a finer scale */
  uint16_t narrowness; /* its energy by its amplitude, which goes with one over its width squared */
  bool clipped; /* samples on the rails are part of it */
  int8_t lean; /* by how many 32nds the upper deflection outweighs the lower, or -, the lower it */
  int8_t other; /* from there to the extremum of the other one, samples; 0: too far away */
} spl_wave_t;

typedef struct {
  uint32_t r_sample;
  uint16_t rr_samples;
  uint16_t rr_median;
  bool noisy;
} spl_pending_t;

/* One stream's state. Its members are private. Small ones come first, and of the words those that the code
 * names most: what lies within 124 bytes takes a Thumb instruction of 2 bytes, not 4. */
typedef struct {
  uint8_t warm_up;
  bool shaded; /* a higher wave is so near before it that it is not looked at */
  bool found; /* one was settled, in the push before */
  bool learned;
  bool has_beat;
  uint8_t pending_count;
  uint8_t job_push;
  bool reported;
  uint8_t summed;
  uint8_t skipped;
  bool joined; /* slope_after ends at the next beat */
  bool has_coarse;
  bool has_qrs;
  uint8_t unlike;
  uint16_t last_narrowness;
  int16_t lean_q5; /* of the usual complex, 32nds, */
  bool is_up; /* and its side */
  bool has_side;
  bool beside; /* the beat that is worked on is before a premature one, or after a pause */
  bool is_usual; /* and its cycle like the template */
  bool has_other;
  bool is_other; /* or like the unlike ones before it */
  uint8_t coarse_size; /* points of it that lie before the next beat */
  uint8_t others; /* complexes in a row that do not lean like it */
  int16_t likeness_q5; /* of cycles to the template, 32nds */
  int16_t rough; /* how much the flattest stretch of the next PR segment varies, counts */
  uint8_t mean_lift; /* of the mean reported last: a whole one has its cycles 1 << so many times, */
  bool mean_grown; /* and whether it holds those of the one before */
  bool mean_reported; /* some of the cycles summed now were reported */

  uint32_t now; /* index of the newest sample */
  uint32_t pending_first;
  uint32_t judged;
  uint32_t written;
  uint32_t waves_settled;
  uint32_t waves_found;
  int32_t peak_height;
  uint32_t lowest;
  uint32_t last_r; /* of the last beat; until there is one, 0, and the shape is */
  uint32_t highest; /* first where the bends below are, then the extremum next to each */
  int32_t amplitude2;
  uint32_t phase; /* samples until the next decimated one is complete */
  uint32_t job_due; /* when the oldest of those pending is */
  int32_t energy_sum;
  uint32_t smoothed_next;
  int32_t slope_after;
  int32_t level2; /* the baseline where its lines meet, in the PR segment, half counts */
  int32_t job_next_rr;
  uint32_t energy_next;
  uint32_t clip_at; /* when a sample was last on the rails, */
  uint32_t flat_at; /* when the lead was last off */
  uint32_t work_at; /* when there is next more to do than to take a sample */
  int32_t slope_before; /* half counts a point of a cycle, Q12 */
  uint32_t raw_newest;
  uint32_t peak_unsettled; /* decimated samples until a peak of the energy is settled, or 0 */
  int32_t partial;
  int32_t next_level2;
  uint32_t decimated_next;
  uint32_t changed_at; /* when a sample last differed from the one before it */
  int32_t smoothed_sum;
  int32_t sharpness;
  int32_t most_up; /* the sharpest bends in the window of integration that ended at the peak */
  int32_t most_down;
  uint32_t last_placed; /* the R that was reported of the last beat */
  int32_t last_bend; /* that of the highest wave of the first 2 s */
  uint32_t history_start;
  int32_t job_limit; /* points after R */
  int32_t job_reciprocal; /* 2^33 / amplitude2 */
  int32_t job_shift; /* samples, Q16 */
  uint32_t mean_at; /* when a mean was last reported */

  int16_t raw[SPL_FE_RING];
  int32_t decimated[SPL_FE_BOX];
  int32_t smoothed[2 * SPL_FE_LAG];
  int32_t curvature[SPL_FE_HELD];
  int32_t energy[SPL_FE_HELD]; /* of the curvature, over the window of integration */
  spl_wave_t wave[SPL_FE_WAVES]; /* those not yet compared with what follows them */
  spl_wave_t candidate[SPL_FE_CANDIDATES];
  spl_levels_t signal;
  spl_levels_t noise;
  spl_levels_t bends;
  spl_levels_t rr;
  spl_pending_t pending[SPL_FE_PENDING];
  int16_t usual_coarse[SPL_FE_COARSE_SIZE];
  int16_t other_coarse[SPL_FE_COARSE_SIZE]; /* what unlike cycles look like */
  int16_t usual_qrs[SPL_FE_QRS_SIZE + 1]; /* and how large R is usually, counts */
  int16_t coarse[SPL_FE_COARSE_SIZE];
  int16_t mean[SPL_CYCLE_SIZE]; /* sums of its cycles' shares in a whole one */
  uint32_t verdicts[SPL_VERDICTS];
} spl_frontend_t;

/* Starts a stream. */
void spl_frontend_init(spl_frontend_t *frontend);

/* Takes one sample, in counts of the configured size. Returns SPL_EVENT_BEAT where a beat was
 * written to `beat`, and SPL_EVENT_CYCLE with it where that beat completed an averaged cycle: of all cycles that
 * a mean is of, or, where there was none for long, of as many as there are. */
uint32_t spl_frontend_push(spl_frontend_t *frontend, int16_t sample, spl_beat_t *beat);

/* How many beats have been given this verdict. */
uint32_t spl_frontend_count(const spl_frontend_t *frontend, spl_verdict_t verdict);

/* The averaged cycle as the model's input. Valid after SPL_EVENT_CYCLE, until the next push. */
void spl_frontend_cycle(const spl_frontend_t *frontend, int8_t cycle[SPL_CYCLE_SIZE]);

#endif
