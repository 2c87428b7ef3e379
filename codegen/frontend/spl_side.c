/* Which deflection of a complex is R: the one that points up, or the one that points down. */
#include "spl_frontend_parts.h"

/* The usual complex, and how many others there were in a row, begin anew. */
static void begin(spl_frontend_t *frontend, int32_t sum_of_leans, int32_t count) {
  frontend->lean_q5 = (int16_t)(32 * sum_of_leans / count);
  frontend->is_up = frontend->lean_q5 >= 0;
  frontend->others = 0;
  frontend->has_side = true;
}

void spl_side_learn(spl_frontend_t *frontend, int32_t highest) {
  int32_t sum_of_leans = 0, count = 0;
  for (uint32_t index = 0; index != frontend->written; index++) {
    const spl_wave_t *candidate = &frontend->candidate[index];
    if (!candidate->clipped && !is_far_higher(highest, candidate->height)) {
      sum_of_leans += candidate->lean;
      count++;
    }
  }
  if (count > 0) {
    begin(frontend, sum_of_leans, count);
  }
}

static uint32_t on_side(const spl_wave_t *beat, bool is_up) {
  const int32_t offset = (beat->lean >= 0) == is_up ? 0 : beat->other;
  return beat->r_sample + (uint32_t)offset;
}

uint32_t spl_side_place(spl_frontend_t *frontend, const spl_wave_t *beat) {
  if (!frontend->has_side) {
    begin(frontend, beat->lean, 1);
  }
  const int32_t change_q5 = 32 * beat->lean - frontend->lean_q5;
  if (absolute(change_q5) > 32 * SPL_FE_LEAN_LIKE_32NDS) {
    frontend->others++;
    if (frontend->others == SPL_FE_UNLIKE_MAX) {
      begin(frontend, beat->lean, 1);
    }
    return on_side(beat, beat->lean > SPL_FE_LEAN_EVEN_32NDS);
  }
  frontend->others = 0;
  frontend->lean_q5 = (int16_t)(frontend->lean_q5 + (change_q5 >> SPL_FE_LEAN_FOLLOW_SHIFT));
  if (absolute(frontend->lean_q5) > 32 * SPL_FE_LEAN_OVER_32NDS) {
    frontend->is_up = frontend->lean_q5 > 0;
  }
  const bool has_own = absolute(beat->lean) > SPL_FE_LEAN_OWN_32NDS;
  return on_side(beat, has_own ? beat->lean > 0 : frontend->is_up);
}
