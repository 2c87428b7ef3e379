/* Windows that are longer than a cycle: cut as it is, at once, and not averaged. */
#include "spl_window.h"

#include <string.h>

#include "spl_frontend_parts.h"

/* A slope of the baseline, under which no point of a window leaves what a count can be. */
static int32_t held(int32_t slope) {
  return smaller(larger(slope, -SPL_WINDOW_STEEPEST), SPL_WINDOW_STEEPEST);
}

/* The slope from the PR segment of the beat before, `rr` samples earlier, where the samples still hold it. */
static int32_t slope_before(const spl_frontend_t *frontend, int32_t r_age, int32_t rr) {
  const int32_t first_age = r_age + rr + SPL_FE_ISOELECTRIC_FROM;
  if (first_age >= SPL_FE_RING || (uint32_t)first_age > frontend->now) {
    return 0;
  }
  int16_t rough;
  const int32_t rise = frontend->level2 - spl_cut_level2(frontend, r_age + rr, &rough);
  return (int32_t)((int64_t)(rise * 4096 / rr) * SPL_FE_STEP_Q16 >> 16);
}

void spl_window(spl_frontend_t *frontend, int8_t window[SPL_WINDOW_SIZE]) {
  const uint32_t next = frontend->pending_first;
  const spl_pending_t *beat = &frontend->pending[next == 0 ? SPL_FE_PENDING - 1u : next - 1u];
  const int32_t r_age = (int32_t)(frontend->now - beat->r_sample);
  const int32_t slope_after = frontend->slope_after; /* on which the next beat's baseline goes on */
  frontend->slope_before = held(slope_before(frontend, r_age, beat->rr_samples));
  frontend->slope_after = held(slope_after);
  frontend->job_limit = SPL_WINDOW_SIZE - SPL_WINDOW_R_INDEX; /* no beat is masked */
  /* As many points at once as a cycle has; the last ones are cut again with those before them. */
  for (int32_t place = 0; place < SPL_WINDOW_SIZE; place += SPL_CYCLE_SIZE) {
    const int32_t first = smaller(place, SPL_WINDOW_SIZE - SPL_CYCLE_SIZE);
    memset(frontend->mean, 0, sizeof frontend->mean);
    for (int32_t index = 0; index < SPL_CYCLE_SIZE; index += SPL_FE_CHUNK) {
      spl_cut_add(frontend, r_age, first + index - SPL_WINDOW_R_INDEX, &frontend->mean[index]);
    }
    spl_frontend_cycle(frontend, &window[first]);
  }
  frontend->slope_after = slope_after;
}
