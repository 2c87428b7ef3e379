/* The extractor: judges each beat's cycle and averages the accepted ones, a little of it a push. */
#include <string.h>

#include "spl_frontend_parts.h"

#define AVERAGED_CYCLES 8
#define SHAPE_LIMIT_Q3 5
#define UNLIKE_MAX 8
/* The template moves an eighth of the way towards each cycle that is like it. */
#define FOLLOW_SHIFT 3
#define COARSE_R (SPL_CYCLE_R_INDEX / SPL_FE_COARSE_STEP)
/* How much a complex bends at R, Q12 of it over 20 ms: less is as wide as a T wave, or a sine wave. */
#define NARROW (9 * 256)
#define SHAPE_PUSH (COARSE_PUSHES - 2)
#define COMPARE_PUSH (COARSE_PUSHES - 1)

static int32_t saturated16(int32_t value) {
  if (value != (int16_t)value) {
    value = value < 0 ? INT16_MIN : INT16_MAX;
  }
  return value;
}

static int32_t next_place(int32_t index) {
  return index + 1 == SPL_FE_RING ? 0 : index + 1;
}

/* Twice the mean of the flattest stretch of the PR segment before R, `r_age` samples ago. */
static int32_t isoelectric_level2(const spl_frontend_t *frontend, int32_t r_age) {
  const int32_t box = SPL_FE_ISOELECTRIC_BOX;
  int32_t first = (int32_t)frontend->raw_newest - r_age - SPL_FE_ISOELECTRIC_FROM;
  int32_t newest = first < 0 ? first + SPL_FE_RING : first;
  int32_t oldest = newest;
  int32_t total = 0, variation = 0, best_total = 0, least = INT32_MAX;
  int32_t previous = frontend->raw[newest], leaving = previous;
  for (int32_t taken = 1; taken <= SPL_FE_ISOELECTRIC_FROM - SPL_FE_ISOELECTRIC_TO; taken++) {
    int32_t sample = frontend->raw[newest];
    newest = next_place(newest);
    total += sample;
    variation += absolute(sample - previous);
    previous = sample;
    if (taken < box) {
      continue;
    }
    if (variation < least) {
      least = variation;
      best_total = total;
    }
    oldest = next_place(oldest);
    total -= leaving;
    variation -= absolute(frontend->raw[oldest] - leaving);
    leaving = frontend->raw[oldest];
  }
  return rounded_down(2 * best_total + box / 2, box);
}

/* Twice what a cubic through the four samples about a place adds to the one before it; the place is
 * `fraction` / 1024 of a sample younger than `age`. */
static int32_t cubic2(const spl_frontend_t *frontend, int32_t age, int32_t fraction) {
  int32_t x0 = raw_at(frontend, age + 1);
  int32_t x1 = raw_at(frontend, age);
  int32_t x2 = raw_at(frontend, age - 1);
  int32_t x3 = raw_at(frontend, age - 2);
  int32_t value = 3 * (x1 - x2) + x3 - x0;
  value = (value * fraction >> 10) + 2 * x0 - 5 * x1 + 4 * x2 - x3;
  value = (value * fraction >> 10) + x2 - x0;
  return value * fraction >> 10;
}

/* CHUNK points of the cycle about R, `r_age` samples ago, every `step`-th from `first`, in Q12 of the
 * R amplitude. Beyond the limit lies the next QRS: the isoelectric level stands in its place. */
static void cut(const spl_frontend_t *frontend, int32_t r_age, int32_t first, int32_t step,
                int16_t points[CHUNK]) {
  const int32_t reciprocal = frontend->job_reciprocal;
  const int32_t isoelectric2 = frontend->job_isoelectric2;
  const int32_t r_index = (int32_t)frontend->raw_newest - r_age;
  const int32_t limit = frontend->job_limit * 65536;
  int32_t position = (first - SPL_CYCLE_R_INDEX) * SPL_FE_STEP_Q16;
  for (int32_t place = 0; place < CHUNK; place++) {
    int32_t index = r_index + (position >> 16);
    int32_t fraction = (position & 0xFFFF) >> 6;
    int32_t value2 = 2 * frontend->raw[index < 0 ? index + SPL_FE_RING : index] - isoelectric2;
    if (SPL_FE_STEP_Q16 % 65536 != 0 && fraction != 0) {
      value2 += cubic2(frontend, r_age - (position >> 16), fraction);
    }
    if (position >= limit) {
      value2 = 0;
    }
    points[place] =
        (int16_t)saturated16((int32_t)(((int64_t)value2 * reciprocal + (1 << 17)) >> 18));
    position += step * SPL_FE_STEP_Q16;
  }
}

static int32_t next_rr(const spl_frontend_t *frontend) {
  if (frontend->pending_count < 2) {
    return 0;
  }
  int32_t rr = frontend->pending[after(frontend->pending_first, SPL_FE_PENDING)].rr_samples;
  return rr < SPL_FE_NEIGHBOUR ? rr : 0;
}

/* Everything but the shape. */
static spl_verdict_t verdict_before_shape(const spl_frontend_t *frontend, int32_t first_age) {
  const spl_pending_t *beat = &frontend->pending[frontend->pending_first];
  int32_t rr = beat->rr_samples;
  int32_t median = beat->rr_median;
  int32_t next = next_rr(frontend);
  if (frontend->now - frontend->clip_at <= (uint32_t)first_age) {
    return SPL_VERDICT_CLIP;
  }
  if (frontend->now - frontend->flat_at <= (uint32_t)first_age) {
    return SPL_VERDICT_LEAD_OFF;
  }
  if (rr < SPL_FE_RR_MIN || rr > SPL_FE_RR_MAX) {
    return SPL_VERDICT_RR;
  }
  if (beat->noisy || absolute(frontend->job_amplitude2) < 2 * SPL_FE_AMPLITUDE_FLOOR) {
    return SPL_VERDICT_NOISE;
  }
  bool premature = 5 * rr < 4 * median || (next > 0 && 5 * next < 4 * median);
  bool paused = 2 * rr > 3 * median;
  return premature || paused ? SPL_VERDICT_ECTOPIC : SPL_VERDICT_ACCEPTED;
}

/* Measures the oldest pending beat; its window is complete. */
static spl_verdict_t start_job(spl_frontend_t *frontend, int32_t r_age) {
  const spl_pending_t *beat = &frontend->pending[frontend->pending_first];
  int32_t first_age = r_age + SPL_FE_BEFORE;
  bool in_reach = first_age <= SPL_FE_RING - JOB_PUSHES && beat->r_sample >= SPL_FE_BEFORE;
  frontend->job_amplitude2 = 0;
  if (in_reach) {
    frontend->job_isoelectric2 = isoelectric_level2(frontend, r_age);
    frontend->job_amplitude2 = 2 * raw_at(frontend, r_age) - frontend->job_isoelectric2;
  }
  if (!frontend->reported) {
    return SPL_VERDICT_FIRST;
  }
  return in_reach ? verdict_before_shape(frontend, first_age) : SPL_VERDICT_LATE;
}

static void start_cutting(spl_frontend_t *frontend) {
  int32_t magnitude = absolute(frontend->job_amplitude2);
  int32_t reciprocal = ((1 << 30) + (magnitude >> 1)) / magnitude;
  int32_t next = next_rr(frontend);
  frontend->job_reciprocal = frontend->job_amplitude2 < 0 ? -reciprocal : reciprocal;
  frontend->job_limit = next > 0 ? next - SPL_FE_MASK : SPL_FE_NEIGHBOUR;
  frontend->job_push = 1;
}

/* Whether the coarse cycle has a QRS complex at R, and no rival of it elsewhere. A complex that bends
 * no more than a T wave is none, and where something else bends three quarters as much, R and T may
 * have been confused. */
static bool has_qrs(const spl_frontend_t *frontend) {
  const int16_t *coarse = frontend->coarse;
  int32_t qrs = 0, rival = 0;
  int32_t rise = coarse[1] - coarse[0];
  for (int32_t index = 1; index < SPL_FE_COARSE_SIZE - 1; index++) {
    int32_t next_rise = coarse[index + 1] - coarse[index];
    int32_t size = absolute(next_rise - rise);
    rise = next_rise;
    if (index >= COARSE_R - 4 && index <= COARSE_R + 5) {
      qrs = larger(qrs, size);
    } else {
      rival = larger(rival, size);
    }
  }
  int32_t bend_of_r = 2 * coarse[COARSE_R] - coarse[COARSE_R - 1] - coarse[COARSE_R + 1];
  return bend_of_r >= NARROW && 4 * rival <= 3 * qrs;
}

/* Moves the template 1 / 2^shift of the way towards the coarse cycle, and measures it. */
static void follow(spl_frontend_t *frontend, int32_t shift) {
  const int16_t *coarse = frontend->coarse;
  int16_t *points = frontend->template_points;
  int32_t size = 0;
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    int32_t point = points[index] + ((coarse[index] - points[index]) >> shift);
    points[index] = (int16_t)point;
    size += absolute(point);
  }
  frontend->template_size = size;
}

/* Whether the coarse cycle is like the template but for an offset. */
static bool is_like_template(const spl_frontend_t *frontend) {
  const int16_t *coarse = frontend->coarse;
  const int16_t *points = frontend->template_points;
  int32_t distance = 0, total = 0;
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    total += coarse[index] - points[index];
  }
  int32_t offset = rounded_down(total, SPL_FE_COARSE_SIZE);
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    distance += absolute(coarse[index] - points[index] - offset);
  }
  return 8 * distance <= SHAPE_LIMIT_Q3 * frontend->template_size;
}

/* Whether the coarse cycle is of the usual shape. So many unlike it in a row, and the last of them
 * is the usual one: the lead has moved. */
static bool is_usual(spl_frontend_t *frontend) {
  bool is_first = frontend->template_size == 0;
  if (is_first || is_like_template(frontend)) {
    frontend->unlike = 0;
    return true;
  }
  frontend->unlike++;
  if (frontend->unlike == UNLIKE_MAX) {
    follow(frontend, 0);
    frontend->unlike = 0;
  }
  return false;
}

static void cut_coarse(spl_frontend_t *frontend, int32_t r_age) {
  int32_t first = (frontend->job_push - 1) * CHUNK;
  cut(frontend, r_age, first * SPL_FE_COARSE_STEP, SPL_FE_COARSE_STEP, &frontend->coarse[first]);
}

/* Adds a rounded eighth of each point, 4096 at most; eight of them make a mean. */
static void cut_cycle(spl_frontend_t *frontend, int32_t r_age) {
  int32_t first = (frontend->job_push - 1 - COARSE_PUSHES) * CHUNK;
  int16_t points[CHUNK];
  cut(frontend, r_age, first, 1, points);
  int16_t *mean = &frontend->mean[first];
  if (frontend->summed == 0) {
    memset(mean, 0, sizeof points);
  }
  for (int32_t place = 0; place < CHUNK; place++) {
    int32_t sum = mean[place];
    mean[place] = (int16_t)smaller(sum + ((points[place] + AVERAGED_CYCLES / 2) >> 3), INT16_MAX);
  }
}

static uint32_t report(spl_frontend_t *frontend, spl_verdict_t verdict, spl_beat_t *beat) {
  const spl_pending_t *pending = &frontend->pending[frontend->pending_first];
  beat->r_sample = pending->r_sample;
  beat->rr_samples = pending->rr_samples;
  beat->amplitude = (int16_t)saturated16((frontend->job_amplitude2 + 1) >> 1);
  beat->verdict = verdict;
  frontend->pending_first = after(frontend->pending_first, SPL_FE_PENDING);
  frontend->pending_count--;
  frontend->job_push = 0;
  frontend->reported = true;
  if (verdict != SPL_VERDICT_ACCEPTED) {
    return SPL_EVENT_BEAT;
  }
  frontend->summed++;
  if (frontend->summed < AVERAGED_CYCLES) {
    return SPL_EVENT_BEAT;
  }
  frontend->summed = 0;
  return SPL_EVENT_BEAT | SPL_EVENT_CYCLE;
}

uint32_t spl_cycles_extract(spl_frontend_t *frontend, int32_t r_age, spl_beat_t *beat) {
  if (frontend->job_push == 0) {
    spl_verdict_t verdict = start_job(frontend, r_age);
    if (verdict != SPL_VERDICT_ACCEPTED) {
      return report(frontend, verdict, beat);
    }
    start_cutting(frontend);
    return 0;
  }
  if (frontend->job_push < SHAPE_PUSH) {
    cut_coarse(frontend, r_age);
  } else if (frontend->job_push <= COMPARE_PUSH) {
    if (frontend->job_push == SHAPE_PUSH && !has_qrs(frontend)) {
      return report(frontend, SPL_VERDICT_WIDE, beat);
    }
    if (frontend->job_push != SHAPE_PUSH && !is_usual(frontend)) {
      return report(frontend, SPL_VERDICT_ECTOPIC, beat);
    }
  } else if (frontend->job_push == COARSE_PUSHES) {
    follow(frontend, frontend->template_size == 0 ? 0 : FOLLOW_SHIFT);
  } else {
    cut_cycle(frontend, r_age);
  }
  if (frontend->job_push == JOB_PUSHES) {
    return report(frontend, SPL_VERDICT_ACCEPTED, beat);
  }
  frontend->job_push++;
  return 0;
}
