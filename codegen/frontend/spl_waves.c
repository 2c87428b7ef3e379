/* The linear part of the detector: curvature, its energy, and the maxima of that energy. */
#include "spl_frontend_parts.h"

/* The work on a peak of the energy, by the decimated samples left until it is settled. A later one may
 * still exceed it: the ring of curvatures has its bends for this long, the rest can wait. */
#define BENDS_STEP (SPL_FE_INTEGRATION - 1)
#define HIGHEST_STEP 3
#define LOWEST_STEP 2
#define SHARPNESS_STEP 1

/* The extremum within SPL_FE_RECENTRE of `sample`. */
SPL_FE_INLINED uint32_t extremum(const spl_frontend_t *frontend, uint32_t sample, int32_t sign) {
  enum { SIZE = 2 * SPL_FE_RECENTRE + 1 };
  int16_t row[SIZE];
  const int32_t oldest = (int32_t)(frontend->now - sample) + SPL_FE_RECENTRE;
  const int16_t *at = spl_raw_row(frontend, oldest, SIZE, row);
  int32_t best = INT32_MIN, left_at_best = SIZE;
  for (int32_t left = SIZE; left > 0; left--, at++) {
    const int32_t value = sign * *at;
    if (value > best) {
      best = value;
      left_at_best = left;
    }
  }
  uint32_t age = (uint32_t)(oldest - SIZE + left_at_best);
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
  uint32_t index = after(frontend->energy_next, SPL_FE_HELD);
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
    index = after(index, SPL_FE_HELD);
  }
  const uint32_t delay = (SPL_FE_HELD - 1) * SPL_FE_DECIMATION + SPL_FE_CURVATURE_DELAY;
  const uint32_t oldest = frontend->now - delay;
  frontend->most_up = most_up;
  frontend->most_down = most_down;
  frontend->highest = oldest + (uint32_t)(up_place * SPL_FE_DECIMATION);
  frontend->lowest = oldest + (uint32_t)(down_place * SPL_FE_DECIMATION);
}

/* Whether the peak follows too soon after a wave that is far higher: it is not looked at. */
static bool is_in_shadow(const spl_frontend_t *frontend) {
  const uint32_t since_peak = SPL_FE_DECIMATION * (SPL_FE_SEPARATION - BENDS_STEP);
  const uint32_t about = frontend->now - since_peak - SPL_FE_ENERGY_DELAY;
  const spl_wave_t *last = &frontend->wave[(frontend->waves_found - 1u) % SPL_FE_WAVES];
  return frontend->waves_found > 0 && (int32_t)(about - last->r_sample) <= SPL_FE_ISOLATION &&
         is_far_higher(last->height, frontend->peak_height);
}

/* One step of finding R, the highest point next to the sharpest upward bend or the lowest next to the
 * sharpest downward one; the last settles the peak. */
static void prepare(spl_frontend_t *frontend, uint32_t unsettled) {
  switch (unsettled) {
  case BENDS_STEP:
    frontend->shaded = is_in_shadow(frontend);
    if (!frontend->shaded) {
      find_bends(frontend);
    }
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

static uint32_t before(uint32_t index, uint32_t size) {
  return index > 0 ? index - 1u : size - 1u;
}

/* Whether the newest of the energies held exceeds all the others. */
static bool exceeds_all(const spl_frontend_t *frontend) {
  uint32_t place = before(frontend->energy_next, SPL_FE_HELD);
  for (uint32_t left = SPL_FE_HELD - 1; left > 0; left--) {
    place = before(place, SPL_FE_HELD);
    if (frontend->energy[place] >= frontend->energy_sum) {
      return false;
    }
  }
  return true;
}

/* Follows the peak of the energy: a value that exceeds all within SPL_FE_SEPARATION before it, and is
 * settled when it is exceeded by none as far after it. It is looked for where the energy does not rise. */
static void follow_peak(spl_frontend_t *frontend, int32_t energy, bool rises) {
  uint32_t unsettled = frontend->peak_unsettled;
  if (unsettled == 0) {
    if (rises || frontend->energy_sum < SPL_FE_HEIGHT_FLOOR || !exceeds_all(frontend)) {
      return;
    }
    frontend->peak_height = frontend->energy_sum;
    unsettled = SPL_FE_SEPARATION;
  }
  if (energy > frontend->peak_height) {
    frontend->peak_height = energy;
    frontend->peak_unsettled = SPL_FE_SEPARATION;
    return;
  }
  unsettled--;
  frontend->peak_unsettled = unsettled;
  if (unsettled == BENDS_STEP || (unsettled <= HIGHEST_STEP && !frontend->shaded)) {
    prepare(frontend, unsettled);
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

void spl_waves_filter(spl_frontend_t *frontend, int32_t decimated) {
  const uint32_t place = frontend->energy_next;
  int32_t *newest = &frontend->curvature[place];
  int32_t *leaving = place < SPL_FE_INTEGRATION ? newest + SPL_FE_HELD - SPL_FE_INTEGRATION
                                                : newest - SPL_FE_INTEGRATION;
  int32_t curvature = next_curvature(frontend, decimated);
  int32_t rise = absolute(curvature) - absolute(*leaving);
  int32_t energy = frontend->energy_sum + rise;
  *newest = curvature;
  follow_peak(frontend, energy, rise > 0);
  frontend->energy_sum = energy;
  frontend->energy[place] = energy;
  frontend->energy_next = after(place, SPL_FE_HELD);
}

/* The energy by the amplitude, which goes with one over the wave's width squared. */
static uint16_t narrowness(int32_t height, int32_t amplitude) {
  uint32_t value =
      (uint32_t)SPL_FE_NARROWNESS_UNIT * (uint32_t)height / (uint32_t)larger(amplitude, 1);
  return (uint16_t)(value < UINT16_MAX ? value : UINT16_MAX);
}

/* What the larger has over the smaller, in 32nds of it: -1 at least where that is `down`. */
static int32_t lean_of(int32_t up, int32_t down) {
  const int32_t size = absolute(up - down) / ((larger(larger(up, down), 0) >> 5) + 1);
  return up >= down ? smaller(size, 32) : -smaller(larger(size, 1), 32);
}

/* R is the highest point or the lowest: by its bend and a little by its distance from the level before
 * both. The highest is favoured by a fifth. */
void spl_waves_place(spl_frontend_t *frontend) {
  spl_wave_t *wave = &frontend->wave[frontend->waves_found++ % SPL_FE_WAVES];
  const int32_t unit = SPL_FE_DECIMATION * SPL_FE_BOX;
  const int32_t high_age = (int32_t)(frontend->now - frontend->highest);
  const int32_t low_age = (int32_t)(frontend->now - frontend->lowest);
  const int32_t high = raw_at(frontend, high_age), low = raw_at(frontend, low_age);
  const int32_t level = level_before(frontend, frontend->now - (uint32_t)larger(high_age, low_age));
  const int32_t up_size = SPL_FE_BEND_WEIGHT * frontend->most_up + unit * (high - level);
  const int32_t down_size = unit * (level - low) - SPL_FE_BEND_WEIGHT * frontend->most_down;
  const int32_t lean = lean_of(SPL_FE_UPRIGHT_FIFTHS * up_size, 5 * down_size);
  const bool upright = lean >= 0;
  const int32_t lower_by = (int32_t)(frontend->lowest - frontend->highest);
  const int32_t amplitude = absolute((upright ? high : low) - level) + larger(high - low, 0);
  wave->r_sample = upright ? frontend->highest : frontend->lowest;
  wave->lean = (int8_t)lean;
  wave->other = (int8_t)(absolute(lower_by) > SPL_FE_SAME_QRS ? 0 : upright ? lower_by : -lower_by);
  wave->height = frontend->peak_height;
  wave->bend = frontend->sharpness;
  wave->narrowness = narrowness(frontend->peak_height, amplitude);
  wave->clipped = frontend->now - frontend->clip_at <= SPL_FE_SPAN + 1;
}
