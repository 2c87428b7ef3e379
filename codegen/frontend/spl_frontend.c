/* The interface: one sample in, at most one beat out. */
#include <string.h>

#include "spl_frontend_parts.h"

#define RAIL 32767

static uint16_t aged(uint16_t age) {
  return (uint16_t)(age == UINT16_MAX ? age : age + 1u);
}

static void store_raw(spl_frontend_t *frontend, int16_t sample) {
  bool same = sample == frontend->raw[frontend->raw_newest];
  bool on_rail = sample >= RAIL || sample <= -RAIL;
  frontend->same_run = same ? aged(frontend->same_run) : 0;
  frontend->flat_age = frontend->same_run >= SPL_FE_FLAT ? 0 : aged(frontend->flat_age);
  frontend->clip_age = on_rail ? 0 : aged(frontend->clip_age);
  frontend->raw_newest =
      (uint16_t)(frontend->raw_newest + 1u == SPL_FE_RING ? 0u : frontend->raw_newest + 1u);
  frontend->raw[frontend->raw_newest] = sample;
  frontend->now++;
}

void spl_frontend_init(spl_frontend_t *frontend) {
  memset(frontend, 0, sizeof *frontend);
  frontend->now = UINT32_MAX;
  frontend->clip_age = UINT16_MAX;
  frontend->flat_age = UINT16_MAX;
  frontend->warm_up = 2 * SPL_FE_LAG + SPL_FE_BOX - 1;
}

/* A candidate is settled in one push and judged in the next, so the detector comes first. */
uint32_t spl_frontend_push(spl_frontend_t *frontend, int16_t sample, spl_beat_t *beat) {
  store_raw(frontend, sample);
  if (frontend->judged != frontend->written || !frontend->learned) {
    spl_beats_detect(frontend);
  }
  frontend->partial += sample;
  if (++frontend->phase == SPL_FE_DECIMATION) {
    int32_t decimated = frontend->partial;
    frontend->partial = 0;
    frontend->phase = 0;
    spl_candidates_filter(frontend, decimated);
  }
  if (frontend->pending_count == 0) {
    return 0;
  }
  uint32_t since_r = frontend->now - frontend->pending[frontend->pending_first].r_sample;
  return since_r < SPL_FE_REPORT_LAG ? 0 : spl_cycles_extract(frontend, (int32_t)since_r, beat);
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
