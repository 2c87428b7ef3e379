/* The linear part of the detector: curvature, its energy, and the isolated maxima of that energy. */
#include "spl_frontend_parts.h"

/* The work on a peak of the energy, by the decimated samples left until it is settled. A later one may
 * still exceed it: the ring of curvatures has its bends for this long, the rest can wait. */
#define BENDS_STEP SPL_FE_INTEGRATION
#define HIGHEST_STEP 3
#define LOWEST_STEP 2
#define SHARPNESS_STEP 1

/* The extremum within SPL_FE_RECENTRE of `sample`. */
static uint32_t extremum(const spl_frontend_t *frontend, uint32_t sample, int32_t sign) {
  int16_t row[2 * SPL_FE_RECENTRE + 1];
  const int32_t oldest = (int32_t)(frontend->now - sample) + SPL_FE_RECENTRE;
  const int16_t *samples = spl_raw_row(frontend, oldest, 2 * SPL_FE_RECENTRE + 1, row);
  int32_t best = INT32_MIN, place = 0;
  for (int32_t index = 0; index <= 2 * SPL_FE_RECENTRE; index++) {
    int32_t value = sign * samples[index];
    if (value > best) {
      best = value;
      place = index;
    }
  }
  uint32_t age = (uint32_t)(oldest - place);
  return frontend->now - (age < frontend->now ? age : frontend->now);
}

/* The mean of a short stretch that ends where the QRS complex about `sample` begins. */
static int32_t level_before(const spl_frontend_t *frontend, uint32_t sample) {
  int16_t row[SPL_FE_ISOELECTRIC_BOX];
  const int32_t box = SPL_FE_ISOELECTRIC_BOX;
  const int32_t oldest = (int32_t)(frontend->now - sample) + SPL_FE_ISOELECTRIC_TO + box - 1;
  const int16_t *samples = spl_raw_row(frontend, oldest, box, row);
  int32_t total = 0;
  for (int32_t index = 0; index < box; index++) {
    total += samples[index];
  }
  return rounded_down(total, box);
}

/* Minus the second difference of three short adjacent boxes, the middle one about `sample`. */
static int32_t fine_bend(const spl_frontend_t *frontend, uint32_t sample) {
  int16_t row[3 * SPL_FE_FINE_BOX];
  const int32_t box = SPL_FE_FINE_BOX;
  const int32_t oldest = (int32_t)(frontend->now - sample) + box + box / 2;
  const int16_t *samples = spl_raw_row(frontend, oldest, 3 * box, row);
  int32_t bend = 0;
  for (int32_t index = 0; index < box; index++) {
    bend += 2 * samples[index + box] - samples[index] - samples[index + 2 * box];
  }
  return bend;
}

/* Where the sharpest bends are in the window of integration that ended at the peak. */
static void find_bends(spl_frontend_t *frontend) {
  int32_t most_up = INT32_MIN, most_down = INT32_MAX;
  int32_t up_place = 0, down_place = 0;
  uint32_t index = after(frontend->energy_next, SPL_FE_ISOLATION);
  for (int32_t place = 0; place < SPL_FE_INTEGRATION; place++) {
    int32_t bend = frontend->curvature[index];
    if (bend > most_up) {
      most_up = bend;
      up_place = place;
    }
    if (bend < most_down) {
      most_down = bend;
      down_place = place;
    }
    index = after(index, SPL_FE_ISOLATION);
  }
  const uint32_t delay = (SPL_FE_ISOLATION - 1) * SPL_FE_DECIMATION + SPL_FE_CURVATURE_DELAY;
  const uint32_t oldest = frontend->now - delay;
  frontend->most_up = most_up;
  frontend->most_down = most_down;
  frontend->highest = oldest + (uint32_t)(up_place * SPL_FE_DECIMATION);
  frontend->lowest = oldest + (uint32_t)(down_place * SPL_FE_DECIMATION);
}

/* One step of finding R, the highest point next to the sharpest upward bend or the lowest next to the
 * sharpest downward one; the last settles the peak. */
static void prepare(spl_frontend_t *frontend, uint32_t unsettled) {
  switch (unsettled) {
  case BENDS_STEP:
    find_bends(frontend);
    break;
  case HIGHEST_STEP:
    frontend->highest = extremum(frontend, frontend->highest, 1);
    break;
  case LOWEST_STEP:
    frontend->lowest = extremum(frontend, frontend->lowest, -1);
    break;
  case SHARPNESS_STEP:
    frontend->sharpness =
        larger(fine_bend(frontend, frontend->highest), -fine_bend(frontend, frontend->lowest));
    break;
  default:
    frontend->found = true;
    break;
  }
}

/* Whether R is the highest point or the lowest: by its bend and a little by its distance from the level
 * before both. The highest is favoured by a fifth. */
static bool is_upright(const spl_frontend_t *frontend) {
  const int32_t unit = SPL_FE_DECIMATION * SPL_FE_BOX;
  const int32_t high_age = (int32_t)(frontend->now - frontend->highest);
  const int32_t low_age = (int32_t)(frontend->now - frontend->lowest);
  int32_t level = level_before(frontend, frontend->now - (uint32_t)larger(high_age, low_age));
  int32_t up_size = 6 * frontend->most_up + unit * (raw_at(frontend, high_age) - level);
  int32_t down_size = unit * (level - raw_at(frontend, low_age)) - 6 * frontend->most_down;
  return 6 * up_size >= 5 * down_size;
}

/* Whether a value exceeds all energies held. While they rise, each is compared once. */
static bool exceeds_all(spl_frontend_t *frontend, int32_t energy) {
  const int32_t *held = frontend->energy;
  int32_t count = (int32_t)frontend->exceeded + 1;
  int32_t place = (int32_t)frontend->energy_next - 1 - count;
  for (; count < SPL_FE_ISOLATION; count++, place--) {
    place = place < 0 ? place + SPL_FE_ISOLATION : place;
    if (held[place] >= energy) {
      break;
    }
  }
  frontend->exceeded = (uint32_t)smaller(count, SPL_FE_ISOLATION - 1);
  return count >= SPL_FE_ISOLATION;
}

/* Follows the peak of the energy: a value that exceeds all within SPL_FE_ISOLATION before it, and is
 * settled when it is exceeded by none as far after it. */
static void follow_peak(spl_frontend_t *frontend, int32_t energy, bool rises) {
  const uint32_t unsettled = frontend->peak_unsettled;
  if (unsettled > 0 && energy <= frontend->peak_height) {
    frontend->peak_unsettled = unsettled - 1;
    if (unsettled - 1 <= HIGHEST_STEP || unsettled - 1 == BENDS_STEP) {
      prepare(frontend, unsettled - 1);
    }
    return;
  }
  if (unsettled == 0 && !rises) {
    frontend->exceeded = 0;
    return;
  }
  if (unsettled > 0 || (energy >= SPL_FE_HEIGHT_FLOOR && exceeds_all(frontend, energy))) {
    frontend->peak_height = energy;
    frontend->peak_unsettled = SPL_FE_ISOLATION;
    frontend->exceeded = 0;
  }
}

/* Minus the second difference of the smoothed signal. The running sum cannot drift: it is of
 * integers. */
static int32_t next_curvature(spl_frontend_t *frontend, int32_t decimated) {
  int32_t *leaving = &frontend->decimated[frontend->decimated_next];
  int32_t smoothed = frontend->smoothed_sum + decimated - *leaving;
  int32_t *oldest = &frontend->smoothed[frontend->smoothed_next];
  int32_t *middle =
      frontend->smoothed_next < SPL_FE_LAG ? oldest + SPL_FE_LAG : oldest - SPL_FE_LAG;
  int32_t curvature = 2 * *middle - *oldest - smoothed;
  *leaving = decimated;
  *oldest = smoothed;
  frontend->smoothed_sum = smoothed;
  frontend->decimated_next = after(frontend->decimated_next, SPL_FE_BOX);
  frontend->smoothed_next = after(frontend->smoothed_next, 2 * SPL_FE_LAG);
  if (frontend->warm_up > 0) {
    frontend->warm_up--;
    return 0;
  }
  return curvature;
}

void spl_candidates_filter(spl_frontend_t *frontend, int32_t decimated) {
  const uint32_t place = frontend->energy_next;
  int32_t *newest = &frontend->curvature[place];
  int32_t *leaving = place < SPL_FE_INTEGRATION ? newest + SPL_FE_ISOLATION - SPL_FE_INTEGRATION
                                                : newest - SPL_FE_INTEGRATION;
  int32_t curvature = next_curvature(frontend, decimated);
  int32_t rise = absolute(curvature) - absolute(*leaving);
  int32_t energy = frontend->energy_sum + rise;
  *newest = curvature;
  follow_peak(frontend, energy, rise > 0);
  frontend->energy_sum = energy;
  frontend->energy[place] = energy;
  frontend->energy_next = after(place, SPL_FE_ISOLATION);
}

void spl_candidates_place(spl_frontend_t *frontend) {
  spl_candidate_t *candidate = &frontend->candidate[frontend->written % SPL_FE_CANDIDATES];
  candidate->r_sample = is_upright(frontend) ? frontend->highest : frontend->lowest;
  candidate->height = frontend->peak_height;
  candidate->bend = frontend->sharpness;
  candidate->clipped = frontend->now - frontend->clip_at <= SPL_FE_SPAN + 1;
  frontend->written++;
}
