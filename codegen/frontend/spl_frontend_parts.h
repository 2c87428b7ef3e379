/* What the parts of the front end share. Private: spl_frontend.h is the interface. */
#ifndef SPL_FRONTEND_PARTS_H
#define SPL_FRONTEND_PARTS_H

#include <string.h>

#include "spl_frontend.h"

/* Of a coarse cycle, where its QRS complex ends. */
#define SPL_FE_COARSE_QRS_END                                                                      \
  (SPL_CYCLE_R_INDEX / SPL_FE_COARSE_STEP - SPL_FE_QRS_BEFORE + SPL_FE_QRS_COARSE)
#define AVERAGED_CYCLES (1 << SPL_FE_AVERAGED_SHIFT)

/* A copy for each set of constant arguments; what is rare out of the way of what is not. */
#define SPL_FE_INLINED static inline __attribute__((always_inline))
#define SPL_FE_OUT_OF_LINE static __attribute__((noinline))

/* Right shifts of negative numbers are arithmetic with every compiler that this is built by. */

static inline int32_t absolute(int32_t value) {
  return value < 0 ? -value : value;
}

static inline int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

static inline int32_t larger(int32_t a, int32_t b) {
  return a > b ? a : b;
}

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>

static inline int32_t saturated16(int32_t value) {
  int32_t saturated;
  __asm__("ssat %0, #16, %1" : "=r"(saturated) : "r"(value));
  return saturated;
}

/* Four neighbouring samples, or their weights. */
typedef struct {
  int16x2_t first;
  int16x2_t second;
} spl_taps_t;

static inline spl_taps_t spl_taps(const int16_t value[4]) {
  spl_taps_t taps;
  memcpy(&taps.first, value, sizeof taps.first);
  memcpy(&taps.second, value + 2, sizeof taps.second);
  return taps;
}

static inline int32_t spl_taps_dot(spl_taps_t a, spl_taps_t b) {
  return __smlad(a.second, b.second, __smuad(a.first, b.first));
}
#else
static inline int32_t saturated16(int32_t value) {
  return larger(smaller(value, INT16_MAX), INT16_MIN);
}

/* Four neighbouring samples, or their weights. */
typedef struct {
  int16_t value[4];
} spl_taps_t;

static inline spl_taps_t spl_taps(const int16_t value[4]) {
  spl_taps_t taps;
  memcpy(taps.value, value, sizeof taps.value);
  return taps;
}

static inline int32_t spl_taps_dot(spl_taps_t a, spl_taps_t b) {
  return a.value[0] * b.value[0] + a.value[1] * b.value[1] + a.value[2] * b.value[2] +
         a.value[3] * b.value[3];
}
#endif

/* A point of a mean, Q12, by the sum of its cycles' shares in a whole one. */
static inline int32_t spl_mean_point(int16_t sum, uint32_t lift) {
  return saturated16(sum * (int32_t)(1u << lift));
}

/* A quotient above -131072, rounded down: C rounds towards 0. */
static inline int32_t rounded_down(int32_t dividend, int32_t divisor) {
  return (dividend + 131072 * divisor) / divisor - 131072;
}

/* Whether a wave is two thirds as high again as another. */
static inline bool is_far_higher(int32_t height, int32_t other_height) {
  return 3 * height > SPL_FE_FAR_HIGHER_THIRDS * other_height;
}

static inline uint32_t after(uint32_t index, uint32_t size) {
  return index + 1u == size ? 0u : index + 1u;
}

/* Where in the ring the sample is that was taken `age` samples before the newest, 0 <= age < SPL_FE_RING. */
static inline int32_t raw_place(const spl_frontend_t *frontend, int32_t age) {
  int32_t place = (int32_t)frontend->raw_newest - age;
  return place < 0 ? place + SPL_FE_RING : place;
}

static inline int16_t raw_at(const spl_frontend_t *frontend, int32_t age) {
  return frontend->raw[raw_place(frontend, age)];
}

/* `count` samples in a row, the first `age` samples old: in the ring or, where they turn round in it or
 * it is as if the first sample of all had been there always, copied to `row`. */
const int16_t *spl_raw_row(const spl_frontend_t *frontend, int32_t age, int32_t count,
                           int16_t *row);

/* Takes one decimated sample. Sets `found` where a wave has been found that is the highest within
 * SPL_FE_SEPARATION. */
void spl_waves_filter(spl_frontend_t *frontend, int32_t decimated);

/* Finds R in the wave found in the push before, which joins those that settle. */
void spl_waves_place(spl_frontend_t *frontend);

/* Judges the oldest wave that settles: it joins the candidates, or another one is the beat. */
void spl_candidates_isolate(spl_frontend_t *frontend);

/* The usual complex of the record leans as the highest waves of the first 2 s do on average. */
void spl_side_learn(spl_frontend_t *frontend, int32_t highest);

/* R of the next beat, on the side of the usual complex where it leans about as that does and little to the
 * other one. Else R is on its own larger side: it may be another complex (ectopic, a bundle branch block); so
 * many of these in a row, and theirs is the usual one. */
uint32_t spl_side_place(spl_frontend_t *frontend, const spl_wave_t *beat);

/* One step of the detector. First it learns; then it judges the oldest candidate, unless a beat was missed
 * before that. Beats join those pending. */
void spl_beats_detect(spl_frontend_t *frontend);

/* Twice the mean of the flattest stretch of the PR segment before R, `r_age` samples ago; `rough` is how much
 * it varies in all. */
int32_t spl_cut_level2(const spl_frontend_t *frontend, int32_t r_age, int16_t *rough);

/* Measures the beat whose R peak was `r_age` samples ago: the baseline from its PR segment to the
 * next one, and the R amplitude above it. */
void spl_cut_measure(spl_frontend_t *frontend, int32_t r_age);

/* `count` points of the cycle, every `step`-th from `first` (R is 0), in Q12 of the R amplitude. Beyond
 * the limit lies the next QRS: 0 stands in its place. */
void spl_cut(const spl_frontend_t *frontend, int32_t r_age, int32_t first, int32_t step,
             int16_t *points, int32_t count);

/* Adds its rounded share in the mean of each of SPL_FE_CHUNK points from `first` on, shifted onto the template:
 * of so many that only the last can overflow. */
void spl_cut_add(const spl_frontend_t *frontend, int32_t r_age, int32_t first,
                 int16_t mean[SPL_FE_CHUNK]);

/* Whether the coarse cycle has a QRS complex at R, and no rival of it elsewhere. A complex that bends
 * no more than a T wave, or less than half as much as it is deep, is none, and where something else bends
 * three quarters as much, R and T may have been confused. */
bool spl_shape_has_qrs(const spl_frontend_t *frontend);

/* Whether the coarse cycle correlates with the template, as a whole and by the slopes of its QRS complex, and
 * the beat is not fused with a ventricular one. */
bool spl_shape_is_usual(spl_frontend_t *frontend);

/* Moves the template towards the coarse cycle. */
void spl_shape_follow(spl_frontend_t *frontend);

/* Whether an unlike cycle is like those before it. */
void spl_shape_compare_other(spl_frontend_t *frontend);

/* Takes it among them. So many in a row that are like each other, and they are the template: the lead has
 * moved. */
void spl_shape_follow_other(spl_frontend_t *frontend);

/* Whether hardly anything of R is left 10 ms to both sides of it: a pacing spike. */
bool spl_shape_is_spike(const int16_t qrs[SPL_FE_QRS_SIZE]);

/* Finds how far the cycle has to be shifted to lie on the template, which follows R as it was found
 * and so cannot drift away from it. The last of `qrs` is written: how large R is. */
void spl_shape_align(spl_frontend_t *frontend, int16_t qrs[SPL_FE_QRS_SIZE + 1]);

/* One push of work on the oldest pending beat. Returns events as spl_frontend_push does. */
uint32_t spl_cycles_extract(spl_frontend_t *frontend, spl_beat_t *beat);

#endif
