/* What the parts of the front end share. Private: spl_frontend.h is the interface. */
#ifndef SPL_FRONTEND_PARTS_H
#define SPL_FRONTEND_PARTS_H

#include "spl_frontend.h"

/* Points worked on in one push, which bounds the work a sample: first those of the coarse cycle,
 * then its shape, its comparison with the template, the template's step towards it, and then the
 * points of the cycle. */
#define CHUNK 15
#define COARSE_PUSHES (SPL_FE_COARSE_SIZE / CHUNK + 3)
#define CYCLE_PUSHES (SPL_CYCLE_SIZE / CHUNK)
#define JOB_PUSHES (COARSE_PUSHES + CYCLE_PUSHES)

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

/* A quotient above -131072, rounded down: C rounds towards 0. */
static inline int32_t rounded_down(int32_t dividend, int32_t divisor) {
  return (dividend + 131072 * divisor) / divisor - 131072;
}

static inline uint8_t after(uint8_t index, uint8_t size) {
  return (uint8_t)(index + 1u == size ? 0u : index + 1u);
}

static inline uint8_t before(uint8_t index, uint8_t size) {
  return (uint8_t)(index == 0u ? size - 1u : index - 1u);
}

/* The sample `age` samples before the newest, 0 <= age < SPL_FE_RING. */
static inline int16_t raw_at(const spl_frontend_t *frontend, int32_t age) {
  int32_t index = (int32_t)frontend->raw_newest - age;
  return frontend->raw[index < 0 ? index + SPL_FE_RING : index];
}

/* Takes one decimated sample. Sets `found` where a complex that may be a beat can be
 * judged by all that surrounds it. */
void spl_candidates_filter(spl_frontend_t *frontend, int32_t decimated);

/* Places the complex found in the push before, if it is the highest about: it joins the candidates. */
void spl_candidates_place(spl_frontend_t *frontend);

/* One step of the detector, once it has learned: a missed beat before the oldest unjudged candidate,
 * or else that candidate. Beats join those pending. */
void spl_beats_detect(spl_frontend_t *frontend);

/* One push of work on the oldest pending beat, whose R peak was `r_age` samples ago. Returns events
 * as spl_frontend_push does. */
uint32_t spl_cycles_extract(spl_frontend_t *frontend, int32_t r_age, spl_beat_t *beat);

#endif
