/* The linear part of the detector: curvature, its energy, and the isolated maxima of that energy. */
#include "spl_frontend_parts.h"

#define ENERGY_SIZE (2 * SPL_FE_ISOLATION + 1)
#define CURVATURE_SIZE (SPL_FE_ISOLATION + SPL_FE_INTEGRATION)

/* The place `distance` before `index` in a ring of `size`. */
static int32_t back(int32_t index, int32_t distance, int32_t size) {
  return index < distance ? index + size - distance : index - distance;
}

/* The age of the first sample of all, SPL_FE_RING at most: nothing that a candidate needs is older. */
static int32_t first_age(const spl_frontend_t *frontend) {
  return frontend->now < SPL_FE_RING ? (int32_t)frontend->now : SPL_FE_RING;
}

/* The age of the extremum within SPL_FE_RECENTRE of `age`. */
static int32_t extremum(const spl_frontend_t *frontend, int32_t age, int32_t sign) {
  int32_t at = smaller(age + SPL_FE_RECENTRE, first_age(frontend));
  int32_t index = back(frontend->raw_newest, at, SPL_FE_RING);
  int32_t best_age = at, best = INT32_MIN;
  for (; at >= age - SPL_FE_RECENTRE; at--) {
    int32_t value = sign * frontend->raw[index];
    if (value > best) {
      best = value;
      best_age = at;
    }
    if (++index == SPL_FE_RING) {
      index = 0;
    }
  }
  return best_age;
}

/* The mean of a short stretch that ends where the QRS complex about `age` begins. */
static int32_t level_before(const spl_frontend_t *frontend, int32_t age) {
  const int32_t first = first_age(frontend);
  int32_t total = 0;
  for (int32_t index = 0; index < SPL_FE_ISOELECTRIC_BOX; index++) {
    total += raw_at(frontend, smaller(age + SPL_FE_ISOELECTRIC_TO + index, first));
  }
  return rounded_down(total, SPL_FE_ISOELECTRIC_BOX);
}

/* Minus the second difference of three short adjacent boxes, the middle one about `age`. */
static int32_t fine_bend(const spl_frontend_t *frontend, int32_t age) {
  const int32_t box = SPL_FE_FINE_BOX, first = first_age(frontend);
  int32_t oldest = age + box + box / 2;
  int32_t bend = 0;
  for (int32_t at = oldest; at > oldest - box; at--) {
    bend += 2 * raw_at(frontend, smaller(at - box, first));
    bend -= raw_at(frontend, smaller(at, first));
    bend -= raw_at(frontend, smaller(at - 2 * box, first));
  }
  return bend;
}

/* Finds R in the window of integration, which ended SPL_FE_ISOLATION decimated samples and one
 * sample ago: the highest point next to the sharpest upward bend, or the lowest next to the sharpest downward bend
 * if that one is larger, by its bend and a little by its distance from the level before both. The
 * upward one is favoured by a fifth. */
static void find_r(const spl_frontend_t *frontend, spl_candidate_t *candidate) {
  const int32_t unit = SPL_FE_DECIMATION * SPL_FE_BOX, delay = SPL_FE_CURVATURE_DELAY + 1;
  int32_t most_up = INT32_MIN, most_down = INT32_MAX;
  int32_t up_age = 0, down_age = 0;
  int32_t index = frontend->curvature_next;
  for (int32_t age = CURVATURE_SIZE - 1; age >= SPL_FE_ISOLATION; age--) {
    int32_t bend = frontend->curvature[index];
    if (bend > most_up) {
      most_up = bend;
      up_age = age;
    }
    if (bend < most_down) {
      most_down = bend;
      down_age = age;
    }
    if (++index == CURVATURE_SIZE) {
      index = 0;
    }
  }
  int32_t highest = extremum(frontend, up_age * SPL_FE_DECIMATION + delay, 1);
  int32_t lowest = extremum(frontend, down_age * SPL_FE_DECIMATION + delay, -1);
  int32_t level = level_before(frontend, larger(highest, lowest));
  int32_t up_size = 6 * most_up + unit * (raw_at(frontend, highest) - level);
  int32_t down_size = unit * (level - raw_at(frontend, lowest)) - 6 * most_down;
  int32_t r_age = 6 * up_size >= 5 * down_size ? highest : lowest;
  candidate->r_sample = frontend->now - (uint32_t)r_age;
  candidate->bend = larger(fine_bend(frontend, highest), -fine_bend(frontend, lowest));
}

/* Whether the energy at `middle` of the ring exceeds all energies before it and is exceeded by none
 * after it. Most are not, and the nearest show it first. */
static bool is_isolated_maximum(const spl_frontend_t *frontend, int32_t middle) {
  const int32_t *first = frontend->energy, *last = first + ENERGY_SIZE - 1;
  const int32_t *earlier = first + middle, *later = earlier;
  int32_t height = *earlier;
  for (int32_t left = SPL_FE_ISOLATION; left > 0; left--) {
    earlier = earlier == first ? last : earlier - 1;
    later = later == last ? first : later + 1;
    if (*earlier >= height || *later > height) {
      return false;
    }
  }
  return true;
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
  int32_t curvature = next_curvature(frontend, decimated);
  int32_t leaving = back(frontend->curvature_next, SPL_FE_INTEGRATION, CURVATURE_SIZE);
  frontend->energy_sum += absolute(curvature) - absolute(frontend->curvature[leaving]);
  frontend->curvature[frontend->curvature_next] = curvature;
  frontend->curvature_next = after(frontend->curvature_next, CURVATURE_SIZE);
  int32_t newest = frontend->energy_next;
  frontend->energy[newest] = frontend->energy_sum;
  frontend->energy_next = after(frontend->energy_next, ENERGY_SIZE);

  int32_t middle = back(newest, SPL_FE_ISOLATION, ENERGY_SIZE);
  int32_t height = frontend->energy[middle];
  if (height >= SPL_FE_HEIGHT_FLOOR && height > frontend->energy[back(middle, 1, ENERGY_SIZE)] &&
      height >= frontend->energy[back(middle, ENERGY_SIZE - 1, ENERGY_SIZE)]) {
    frontend->found = true;
    frontend->busy = true;
  }
}

void spl_candidates_place(spl_frontend_t *frontend) {
  int32_t middle = back(frontend->energy_next, SPL_FE_ISOLATION + 1, ENERGY_SIZE);
  if (!is_isolated_maximum(frontend, middle)) {
    return;
  }
  spl_candidate_t *candidate = &frontend->candidate[frontend->written % SPL_FE_CANDIDATES];
  find_r(frontend, candidate);
  candidate->height = frontend->energy[middle];
  candidate->clipped = frontend->now - frontend->clip_at <= SPL_FE_SPAN + 1;
  frontend->written++;
}
