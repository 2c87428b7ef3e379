/* The interface: one sample in, at most one beat out. */
#include <string.h>

#include "spl_frontend_parts.h"

/* The rails are 32767 and, next to it where numbers turn round, -32768 and -32767. */
#define RAILS_SPAN 2
/* Half of all samples that can be told apart before the first. */
#define LONG_AGO (UINT32_MAX / 2)
/* No work is put off for longer: times further apart could not be told apart. */
#define LONG (UINT32_MAX / 4)

static void store_raw(spl_frontend_t *frontend, int16_t sample) {
  uint32_t now = frontend->now + 1u;
  uint32_t newest = frontend->raw_newest;
  frontend->now = now;
  if (sample != frontend->raw[newest]) {
    frontend->changed_at = now;
  } else if (now - frontend->changed_at >= SPL_FE_FLAT) {
    frontend->flat_at = now;
  }
  if ((uint16_t)(sample - SPL_FE_RAIL) <= RAILS_SPAN) {
    frontend->clip_at = now;
  }
  newest = after(newest, SPL_FE_RING);
  frontend->raw_newest = newest;
  frontend->raw[newest] = sample;
}

void spl_frontend_init(spl_frontend_t *frontend) {
  memset(frontend, 0, sizeof *frontend);
  frontend->now = UINT32_MAX;
  frontend->changed_at = UINT32_MAX;
  frontend->clip_at = LONG_AGO;
  frontend->flat_at = LONG_AGO;
  frontend->mean_at = LONG_AGO;
  frontend->phase = SPL_FE_DECIMATION;
  frontend->warm_up = 2 * SPL_FE_LAG + SPL_FE_BOX - 1;
}

static bool is_past(const spl_frontend_t *frontend, uint32_t time) {
  return (int32_t)(frontend->now - time) >= 0;
}

/* When the oldest wave has settled, if there is one. */
static uint32_t settled_at(const spl_frontend_t *frontend) {
  return frontend->wave[frontend->waves_settled % SPL_FE_WAVES].r_sample + SPL_FE_SETTLING;
}

/* A wave is found in one push and placed in the next. Once settled, it is compared with what surrounds it in
 * one push and judged in another, one at a time. */
static void detect(spl_frontend_t *frontend) {
  const bool has_candidate = frontend->judged != frontend->written;
  if (frontend->learned ? has_candidate : is_past(frontend, SPL_FE_LEARNING - 1)) {
    spl_beats_detect(frontend);
  } else if (frontend->waves_settled != frontend->waves_found &&
             is_past(frontend, settled_at(frontend))) {
    spl_candidates_isolate(frontend);
  }
  if (frontend->found) {
    frontend->found = false;
    spl_waves_place(frontend);
  }
}

static uint32_t sooner(uint32_t a, uint32_t b) {
  return (int32_t)(a - b) < 0 ? a : b;
}

/* When there is more to do than to take the sample, as far as is known now. */
static uint32_t next_work(const spl_frontend_t *frontend) {
  uint32_t next = frontend->now + LONG;
  if (frontend->found || (frontend->learned && frontend->judged != frontend->written)) {
    return frontend->now + 1u;
  }
  if (!frontend->learned) {
    next = SPL_FE_LEARNING - 1;
  }
  if (frontend->waves_settled != frontend->waves_found) {
    next = sooner(next, settled_at(frontend));
  }
  return frontend->pending_count > 0 ? sooner(next, frontend->job_due) : next;
}

static void decimate(spl_frontend_t *frontend) {
  int32_t decimated = frontend->partial;
  frontend->partial = 0;
  frontend->phase = SPL_FE_DECIMATION;
  spl_waves_filter(frontend, decimated);
}

/* A push in which there is more to do than to take the sample. */
SPL_FE_OUT_OF_LINE uint32_t push_busy(spl_frontend_t *frontend, spl_beat_t *beat) {
  detect(frontend);
  if (frontend->phase == 0) {
    decimate(frontend);
  }
  const bool is_due = frontend->pending_count > 0 && is_past(frontend, frontend->job_due);
  uint32_t events = is_due ? spl_cycles_extract(frontend, beat) : 0;
  frontend->work_at = next_work(frontend);
  return events;
}

uint32_t spl_frontend_push(spl_frontend_t *frontend, int16_t sample, spl_beat_t *beat) {
  store_raw(frontend, sample);
  frontend->partial += sample;
  frontend->phase--;
  if (is_past(frontend, frontend->work_at)) {
    return push_busy(frontend, beat);
  }
  if (frontend->phase == 0) {
    decimate(frontend);
    if (frontend->found) {
      frontend->work_at = frontend->now + 1u;
    }
  }
  return 0;
}

uint32_t spl_frontend_count(const spl_frontend_t *frontend, spl_verdict_t verdict) {
  return verdict < SPL_VERDICTS ? frontend->verdicts[verdict] : 0;
}

void spl_frontend_cycle(const spl_frontend_t *frontend, int8_t cycle[SPL_CYCLE_SIZE]) {
  const int32_t left = SPL_INPUT_SHIFT > 0 ? SPL_INPUT_SHIFT : 0;
  const int32_t right = SPL_INPUT_SHIFT < 0 ? -SPL_INPUT_SHIFT : 0;
  const int32_t half = (int32_t)((1u << right) >> 1);
  for (int32_t index = 0; index < SPL_CYCLE_SIZE; index++) {
    int32_t shifted =
        spl_mean_point(frontend->mean[index], frontend->mean_lift) * (int32_t)(1u << left);
    int64_t product = (int64_t)shifted * SPL_INPUT_MULTIPLIER;
    int32_t high = (int32_t)((product + (1 << 30)) >> 31);
    int64_t value = high < 0 ? -((half - (int64_t)high) >> right) : (high + (int64_t)half) >> right;
    value += SPL_INPUT_ZERO_POINT;
    cycle[index] = (int8_t)(value > INT8_MAX ? INT8_MAX : value < INT8_MIN ? INT8_MIN : value);
  }
}
