/* Windows that are longer than a cycle: cut as it is, at once, and not averaged. */
#include "spl_window.h"

#include <string.h>

#include "spl_frontend_parts.h"

/* A slope of the baseline, under which no point of a window leaves what a count can be. */
static int32_t held(int32_t slope) {
  return smaller(larger(slope, -SPL_WINDOW_STEEPEST), SPL_WINDOW_STEEPEST);
}

/* How long ago R of the beat was that the last push reported. */
static int32_t reported_age(const spl_frontend_t *frontend) {
  const uint32_t next = frontend->pending_first;
  const uint32_t reported = next == 0 ? SPL_FE_PENDING - 1u : next - 1u;
  return (int32_t)(frontend->now - frontend->pending[reported].r_sample);
}

void spl_window(spl_frontend_t *frontend, int8_t window[SPL_WINDOW_SIZE]) {
  const int32_t r_age = reported_age(frontend);
  const int32_t slope_after = frontend->slope_after; /* on which the next beat's baseline goes on */
  frontend->slope_before = held(frontend->slope_before);
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
