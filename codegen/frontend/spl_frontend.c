/* The interface: one sample in, at most one beat out. */
#include <string.h>

#include "spl_frontend_parts.h"

#define RAIL 32767
/* Half of all samples that can be told apart before the first. */
#define LONG_AGO (UINT32_MAX / 2)

static void store_raw(spl_frontend_t *frontend, int16_t sample) {
  uint32_t now = ++frontend->now;
  uint32_t newest = frontend->raw_newest;
  if (sample != frontend->raw[newest]) {
    frontend->changed_at = now;
  } else if (now - frontend->changed_at >= SPL_FE_FLAT) {
    frontend->flat_at = now;
  }
  if (sample >= RAIL || sample <= -RAIL) {
    frontend->clip_at = now;
  }
  newest = newest + 1u == SPL_FE_RING ? 0u : newest + 1u;
  frontend->raw_newest = (uint16_t)newest;
  frontend->raw[newest] = sample;
}

void spl_frontend_init(spl_frontend_t *frontend) {
  memset(frontend, 0, sizeof *frontend);
  frontend->now = UINT32_MAX;
  frontend->busy = true;
  frontend->changed_at = UINT32_MAX;
  frontend->clip_at = LONG_AGO;
  frontend->flat_at = LONG_AGO;
  frontend->warm_up = 2 * SPL_FE_LAG + SPL_FE_BOX - 1;
}

/* A candidate is found in one push, placed in the next and judged in the one after. */
static void detect(spl_frontend_t *frontend) {
  spl_beats_detect(frontend);
  if (frontend->found) {
    frontend->found = false;
    spl_candidates_place(frontend);
  }
  frontend->busy = !frontend->learned || frontend->judged != frontend->written;
}

uint32_t spl_frontend_push(spl_frontend_t *frontend, int16_t sample, spl_beat_t *beat) {
  store_raw(frontend, sample);
  if (frontend->busy) {
    detect(frontend);
  }
  int32_t decimated = frontend->partial + sample;
  uint32_t phase = frontend->phase + 1u;
  if (phase == SPL_FE_DECIMATION) {
    spl_candidates_filter(frontend, decimated);
    decimated = 0;
    phase = 0;
  }
  frontend->partial = decimated;
  frontend->phase = (uint8_t)phase;
  if (frontend->pending_count == 0) {
    return 0;
  }
  uint32_t since_r = frontend->now - frontend->pending[frontend->pending_first].r_sample;
  return since_r < SPL_FE_REPORT_LAG ? 0 : spl_cycles_extract(frontend, (int32_t)since_r, beat);
}

uint32_t spl_frontend_count(const spl_frontend_t *frontend, spl_verdict_t verdict) {
  return verdict < SPL_VERDICTS ? frontend->verdicts[verdict] : 0;
}

void spl_frontend_cycle(const spl_frontend_t *frontend, int8_t cycle[SPL_CYCLE_SIZE]) {
  const int32_t left = SPL_INPUT_SHIFT > 0 ? SPL_INPUT_SHIFT : 0;
  const int32_t right = SPL_INPUT_SHIFT < 0 ? -SPL_INPUT_SHIFT : 0;
  const int32_t half = (int32_t)((1u << right) >> 1);
  for (int32_t index = 0; index < SPL_CYCLE_SIZE; index++) {
    int32_t shifted = frontend->mean[index] * (int32_t)(1u << left);
    int64_t product = (int64_t)shifted * SPL_INPUT_MULTIPLIER;
    int32_t high = (int32_t)((product + (1 << 30)) >> 31);
    int64_t value = high < 0 ? -((half - (int64_t)high) >> right) : (high + (int64_t)half) >> right;
    value += SPL_INPUT_ZERO_POINT;
    cycle[index] = (int8_t)(value > INT8_MAX ? INT8_MAX : value < INT8_MIN ? INT8_MIN : value);
  }
}
