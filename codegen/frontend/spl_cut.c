/* Cycles cut out of the samples: the level before R, the baseline, the amplitude, the points. */
#include "spl_frontend_parts.h"

/* Where the lines of the baseline meet: 80 ms before R, the middle of the PR segment. In points. */
#define PIVOT 24

static int32_t next_place(int32_t index) {
  return index + 1 == SPL_FE_RING ? 0 : index + 1;
}

int32_t spl_cut_level2(const spl_frontend_t *frontend, int32_t r_age) {
  enum { SIZE = SPL_FE_ISOELECTRIC_FROM - SPL_FE_ISOELECTRIC_TO };
  const int32_t box = SPL_FE_ISOELECTRIC_BOX;
  int32_t place = (int32_t)frontend->raw_newest - r_age - SPL_FE_ISOELECTRIC_FROM;
  int16_t segment[SIZE];
  place = place < 0 ? place + SPL_FE_RING : place;
  for (int32_t index = 0; index < SIZE; index++) {
    segment[index] = frontend->raw[place];
    place = next_place(place);
  }
  int32_t total = segment[0], variation = 0;
  for (int32_t index = 1; index < box; index++) {
    total += segment[index];
    variation += absolute(segment[index] - segment[index - 1]);
  }
  int32_t best_total = total, least = variation;
  for (int32_t first = 1; first <= SIZE - box; first++) {
    const int16_t *last = &segment[first + box - 1];
    total += last[0] - segment[first - 1];
    variation += absolute(last[0] - last[-1]) - absolute(segment[first] - segment[first - 1]);
    if (variation < least) {
      least = variation;
      best_total = total;
    }
  }
  return rounded_down(2 * best_total + box / 2, box);
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
  int32_t level2 = spl_cut_level2(frontend, r_age);
  int32_t slope = (frontend->next_level2 - level2) * 4096 / (next > 0 ? next : SPL_FE_QUIET);
  slope = (int32_t)((int64_t)slope * SPL_FE_STEP_Q16 >> 16);
  frontend->level2 = level2;
  frontend->slope_before = frontend->joined ? frontend->slope_after : slope;
  frontend->slope_after = slope;
  frontend->joined = next > 0;
  frontend->amplitude2 =
      2 * raw_at(frontend, r_age) - level2 - (slope * PIVOT >> 12) + excess2(frontend, r_age);
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

/* Four samples from `index` on, which may lie a turn of the ring too low or near its end. */
static spl_taps_t wrapped_taps(const int16_t *raw, int32_t index) {
  int16_t samples[4];
  index = index < 0 ? index + SPL_FE_RING : index;
  if (index <= SPL_FE_RING - 4) {
    return spl_taps(&raw[index]);
  }
  for (int32_t tap = 0; tap < 4; tap++) {
    samples[tap] = raw[index];
    index = next_place(index);
  }
  return spl_taps(samples);
}

/* Twice the signal at CHUNK places `step` apart from `position` on, samples from R, Q16. */
static void interpolate2(const spl_frontend_t *frontend, int32_t r_age, int32_t position,
                         int32_t step, int32_t value2[CHUNK]) {
  const int16_t *raw = frontend->raw;
  const int32_t before_r = (int32_t)frontend->raw_newest - r_age - 1;
  const int32_t last = position + (CHUNK - 1) * step;
  const bool straight =
      before_r + (position >> 16) >= 0 && before_r + (last >> 16) + 3 < SPL_FE_RING;
  spl_taps_t weight = weigh((position & 0xFFFF) >> 6);
  for (; position <= last; position += step) {
    int32_t index = before_r + (position >> 16);
    if (SPL_FE_STEP_Q16 % 65536 != 0) {
      weight = weigh((position & 0xFFFF) >> 6);
    }
    spl_taps_t taps = straight ? spl_taps(&raw[index]) : wrapped_taps(raw, index);
    *value2++ = spl_taps_dot(taps, weight) >> 10;
  }
}

void spl_cut(const spl_frontend_t *frontend, int32_t r_age, int32_t first, int32_t step,
             int32_t shift, int16_t points[CHUNK]) {
  const int32_t reciprocal = frontend->job_reciprocal, level2 = frontend->level2;
  const int32_t before = frontend->slope_before * step, after = frontend->slope_after * step;
  int32_t value2[CHUNK];
  interpolate2(frontend, r_age, first * SPL_FE_STEP_Q16 + shift, step * SPL_FE_STEP_Q16, value2);
  int32_t since = first + PIVOT;
  int32_t tilt = since * (since < 0 ? frontend->slope_before : frontend->slope_after);
  int32_t unmasked = frontend->job_limit - first;
  for (int32_t place = 0; place < CHUNK; place++) {
    int32_t above2 = value2[place] - level2 - (tilt >> 12);
    int64_t scaled = (int64_t)(above2 * 2048) * reciprocal;
    points[place] = unmasked > 0 ? saturated16((int32_t)(scaled >> 32)) : 0;
    tilt += since < 0 ? before : after;
    since += step;
    unmasked -= step;
  }
}
