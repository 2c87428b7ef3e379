/* Cycles cut out of the samples: the level before R, the baseline, the amplitude, the points. */
#include "spl_frontend_parts.h"

/* A turn of the ring, Q16. */
#define TURN_Q16 (SPL_FE_RING * 65536)

int32_t spl_cut_level2(const spl_frontend_t *frontend, int32_t r_age, int16_t *rough) {
  enum { SIZE = SPL_FE_ISOELECTRIC_FROM - SPL_FE_ISOELECTRIC_TO };
  const int32_t box = SPL_FE_ISOELECTRIC_BOX;
  int16_t row[SIZE];
  const int16_t *first = spl_raw_row(frontend, r_age + SPL_FE_ISOELECTRIC_FROM, SIZE, row);
  const int16_t *last = first, *end = first + SIZE - 1, *flattest = first;
  int32_t variation = 0;
  for (; last != first + box - 1; last++) {
    variation += absolute(last[1] - last[0]);
  }
  int32_t least = variation;
  while (last != end) {
    variation += absolute(last[1] - last[0]) - absolute(first[1] - first[0]);
    last++;
    first++;
    if (variation < least) {
      least = variation;
      flattest = first;
    }
  }
  *rough = (int16_t)saturated16(least);
  int32_t total = 0;
  for (int32_t index = 0; index < box; index++) {
    total += flattest[index];
  }
  return rounded_down(2 * total + box / 2, box);
}

/* What the vertex of the parabola through R's three samples adds to twice the middle one. */
static int32_t excess2(const spl_frontend_t *frontend, int32_t r_age) {
  int32_t r = raw_at(frontend, r_age);
  int32_t rise = r - raw_at(frontend, r_age + 1);
  int32_t fall = r - raw_at(frontend, r_age - 1);
  bool is_extremum = (fall >= 0 && rise >= 0) || (fall <= 0 && rise <= 0);
  int32_t bend = fall + rise, size = absolute(fall - rise);
  if (!is_extremum || bend == 0) {
    return 0;
  }
  int32_t excess = size * ((size << 8) / absolute(bend)) >> 10;
  return bend > 0 ? excess : -excess;
}

void spl_cut_measure(spl_frontend_t *frontend, int32_t r_age) {
  const int32_t next = frontend->job_next_rr;
  if (!frontend->joined) {
    int16_t rough;
    frontend->level2 = spl_cut_level2(frontend, r_age, &rough);
  }
  int32_t level2 = frontend->level2;
  int32_t slope = (frontend->next_level2 - level2) * 4096 / (next > 0 ? next : SPL_FE_QUIET);
  slope = (int32_t)((int64_t)slope * SPL_FE_STEP_Q16 >> 16);
  frontend->slope_before = frontend->joined ? frontend->slope_after : slope;
  frontend->slope_after = slope;
  frontend->joined = next > 0;
  frontend->amplitude2 = 2 * raw_at(frontend, r_age) - level2 - (slope * SPL_FE_PIVOT >> 12) +
                         excess2(frontend, r_age);
}

/* Twice the weights, Q10, of the four samples about a place `fraction` / 1024 of a sample after the
 * second of them: a cubic (Catmull and Rom 1974). */
static spl_taps_t weigh(int32_t fraction) {
  int32_t square = fraction * fraction >> 10;
  int32_t cube = square * fraction >> 10;
  const int16_t weight[4] = {
      (int16_t)(2 * square - fraction - cube),
      (int16_t)(3 * cube - 5 * square + 2048),
      (int16_t)(fraction + 4 * square - 3 * cube),
      (int16_t)(cube - square),
  };
  return spl_taps(weight);
}

/* Four samples from `place` on, the ring's end among them. */
static const int16_t *turned_samples(const int16_t *raw, int32_t place, int16_t samples[4]) {
  for (int32_t tap = 0; tap < 4; tap++, place++) {
    samples[tap] = raw[place < SPL_FE_RING ? place : place - SPL_FE_RING];
  }
  return samples;
}

/* How many of first, first + step, ... lie before `limit`, `most` at most. */
static int32_t count_before(int32_t first, int32_t step, int32_t limit, int32_t most) {
  return first < limit ? smaller((limit - first + step - 1) / step, most) : 0;
}

/* Sets points, or adds their shares, up to the limit, which it returns. In runs: one ends where the lines
 * of the baseline meet or the ring turns round, and a point whose samples lie on both sides of that is
 * one. */
SPL_FE_INLINED int16_t *cut(const spl_frontend_t *frontend, int32_t r_age, int32_t first,
                            int32_t step, int32_t shift, int16_t *points, int32_t count,
                            bool adds) {
  const int32_t position_step = step * SPL_FE_STEP_Q16, since = first + SPL_FE_PIVOT;
  const int32_t reciprocal = frontend->job_reciprocal;
  int16_t *const limit = points + count_before(first, step, frontend->job_limit, count);
  int16_t *const pivot = points + count_before(since, step, 0, count);
  int32_t position = raw_place(frontend, r_age + 1) * 65536 + first * SPL_FE_STEP_Q16 + shift;
  position = position < 0 ? position + TURN_Q16 : position;
  int32_t slope = since < 0 ? frontend->slope_before : frontend->slope_after;
  int32_t under2 = frontend->level2 * 4096 + since * slope; /* the baseline, Q12 */
  spl_taps_t weight = weigh((position & 0xFFFF) >> 6);
  while (points != limit) {
    int16_t turned[4];
    const int16_t *end = points < pivot && pivot < limit ? pivot : limit;
    const int32_t rise = (points < pivot ? frontend->slope_before : frontend->slope_after) * step;
    position -= position < TURN_Q16 ? 0 : TURN_Q16;
    const int16_t *at = &frontend->raw[position >> 16];
    int32_t straight = (TURN_Q16 - 3 * 65536 - position + position_step - 1) / position_step;
    if (straight <= 0) {
      at = turned_samples(frontend->raw, position >> 16, turned);
      straight = 1;
    }
    end = end - points > straight ? points + straight : end;
    for (; points != end; points++) {
      if (SPL_FE_STEP_Q16 % 65536 != 0) {
        weight = weigh((position & 0xFFFF) >> 6);
      }
      int32_t above2 = (spl_taps_dot(spl_taps(at), weight) >> 10) - (under2 >> 12);
      int32_t point = saturated16((int32_t)((int64_t)(above2 * 2048) * reciprocal >> 32));
      point = adds ? saturated16(*points + ((point + AVERAGED_CYCLES / 2) >> SPL_FE_AVERAGED_SHIFT))
                   : point;
      *points = (int16_t)point;
      at += ((position & 0xFFFF) + position_step) >> 16;
      position += position_step;
      under2 += rise;
    }
  }
  return limit;
}

void spl_cut(const spl_frontend_t *frontend, int32_t r_age, int32_t first, int32_t step,
             int16_t *points, int32_t count) {
  int16_t *limit = cut(frontend, r_age, first, step, 0, points, count, false);
  while (limit != points + count) {
    *limit++ = 0;
  }
}

void spl_cut_add(const spl_frontend_t *frontend, int32_t r_age, int32_t first,
                 int16_t mean[SPL_FE_CHUNK]) {
  cut(frontend, r_age, first, 1, frontend->job_shift, mean, SPL_FE_CHUNK, true);
}
