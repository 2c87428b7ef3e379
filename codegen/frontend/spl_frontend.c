#include "spl_frontend.h"

#include <string.h>

#define DECIMATED_SIZE (3 * SPL_FE_BOX)
#define CURVATURE_SIZE (SPL_FE_INTEGRATION + SPL_FE_ISOLATION)
#define ENERGY_SIZE (2 * SPL_FE_ISOLATION + 1)
#define HALVINGS_MAX 30
#define RAIL 32767
#define AVERAGED_CYCLES 8
/* A beat counts for so many times the usual height at most. */
#define LARGEST_GROWTH 3
#define SHAPE_LIMIT_Q3 5
#define UNLIKE_MAX 8

/* Points worked on in one push, which bounds the work a sample: first those of the coarse cycle,
 * then the comparison with the template, then those of the cycle. */
#define COARSE_CHUNK 15
#define CYCLE_CHUNK 15
#define COARSE_PUSHES (SPL_FE_COARSE_SIZE / COARSE_CHUNK + 1)
#define CYCLE_PUSHES (SPL_CYCLE_SIZE / CYCLE_CHUNK)
#define JOB_PUSHES (COARSE_PUSHES + CYCLE_PUSHES)

/* Right shifts of negative numbers are arithmetic with every compiler that this is built by. */

static int32_t absolute(int32_t value) {
  return value < 0 ? -value : value;
}

static int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

static int16_t saturated16(int64_t value) {
  if (value > INT16_MAX) {
    return INT16_MAX;
  }
  return value < INT16_MIN ? INT16_MIN : (int16_t)value;
}

/* A quotient above -131072, rounded down: C rounds towards 0. */
static int32_t rounded_down(int32_t dividend, int32_t divisor) {
  return (dividend + 131072 * divisor) / divisor - 131072;
}

static uint8_t after(uint8_t index, uint8_t size) {
  return (uint8_t)(index + 1u == size ? 0u : index + 1u);
}

static uint8_t before(uint8_t index, uint8_t size) {
  return (uint8_t)(index == 0u ? size - 1u : index - 1u);
}

static uint16_t aged(uint16_t age) {
  return (uint16_t)(age == UINT16_MAX ? age : age + 1u);
}

/* ---- Rings ---- */

/* The sample `age` samples before the newest, 0 <= age < SPL_FE_RING. */
static int16_t raw_at(const spl_frontend_t *frontend, int32_t age) {
  int32_t index = (int32_t)frontend->raw_newest - age;
  return frontend->raw[index < 0 ? index + SPL_FE_RING : index];
}

/* `age`, or that of the first sample of all. */
static int32_t oldest_known(const spl_frontend_t *frontend, int32_t age) {
  return frontend->now < (uint32_t)age ? (int32_t)frontend->now : age;
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

/* ---- Levels ---- */

static void find_median(spl_levels_t *levels) {
  int32_t sorted[SPL_FE_LEVELS];
  for (uint8_t count = 0; count < levels->count; count++) {
    int32_t value = levels->value[count];
    uint8_t place = count;
    for (; place > 0 && sorted[place - 1] > value; place--) {
      sorted[place] = sorted[place - 1];
    }
    sorted[place] = value;
  }
  levels->median = sorted[levels->count / 2];
}

static void push_level(spl_levels_t *levels, int32_t value) {
  levels->value[levels->next] = value;
  levels->next = after(levels->next, SPL_FE_LEVELS);
  if (levels->count < SPL_FE_LEVELS) {
    levels->count++;
  }
  find_median(levels);
}

static void fill_levels(spl_levels_t *levels, int32_t value) {
  for (uint8_t index = 0; index < SPL_FE_LEVELS; index++) {
    levels->value[index] = value;
  }
  levels->count = SPL_FE_LEVELS;
  levels->median = value;
}

/* ---- Candidates ---- */

/* The age of the extremum within SPL_FE_RECENTRE of `age`. */
static int32_t extremum(const spl_frontend_t *frontend, int32_t age, int32_t sign) {
  int32_t best_age = oldest_known(frontend, age + SPL_FE_RECENTRE);
  int32_t best = INT32_MIN;
  for (int32_t at = best_age; at >= age - SPL_FE_RECENTRE; at--) {
    int32_t value = sign * raw_at(frontend, at);
    if (value > best) {
      best = value;
      best_age = at;
    }
  }
  return best_age;
}

/* The mean of a short stretch that ends where the QRS complex about `age` begins. */
static int32_t level_before(const spl_frontend_t *frontend, int32_t age) {
  int32_t total = 0;
  for (int32_t index = 0; index < SPL_FE_ISOELECTRIC_BOX; index++) {
    total += raw_at(frontend, oldest_known(frontend, age + SPL_FE_ISOELECTRIC_TO + index));
  }
  return rounded_down(total, SPL_FE_ISOELECTRIC_BOX);
}

/* Finds R in the window of integration, which ended SPL_FE_ISOLATION decimated samples ago: the
 * highest point next to the sharpest upward bend, or the lowest next to the sharpest downward bend
 * if that one is larger, by its bend and a little by its distance from the level before both. The
 * upward one is favoured by a fifth. */
static void find_r(const spl_frontend_t *frontend, spl_candidate_t *candidate) {
  const int32_t unit = SPL_FE_DECIMATION * SPL_FE_BOX;
  int32_t most_up = INT32_MIN, most_down = INT32_MIN;
  int32_t up_age = 0, down_age = 0;
  uint8_t index = frontend->curvature_next; /* the oldest */
  for (int32_t age = CURVATURE_SIZE - 1; age >= SPL_FE_ISOLATION; age--) {
    int32_t bend = frontend->curvature[index];
    if (bend > most_up) {
      most_up = bend;
      up_age = age;
    }
    if (-bend > most_down) {
      most_down = -bend;
      down_age = age;
    }
    index = after(index, CURVATURE_SIZE);
  }
  int32_t highest = extremum(frontend, up_age * SPL_FE_DECIMATION + SPL_FE_CURVATURE_DELAY, 1);
  int32_t lowest = extremum(frontend, down_age * SPL_FE_DECIMATION + SPL_FE_CURVATURE_DELAY, -1);
  int32_t level = level_before(frontend, highest > lowest ? highest : lowest);
  int32_t up_size = 6 * most_up + unit * (raw_at(frontend, highest) - level);
  int32_t down_size = 6 * most_down + unit * (level - raw_at(frontend, lowest));
  int32_t r_age = 6 * up_size >= 5 * down_size ? highest : lowest;
  candidate->r_sample = frontend->now - (uint32_t)r_age;
  candidate->bend = most_up > most_down ? most_up : most_down;
}

/* Whether the energy at `middle` of the ring exceeds all energies before it and is exceeded by none
 * after it. Most are not, and the nearest show it first. */
static bool is_isolated_maximum(const spl_frontend_t *frontend, uint8_t middle) {
  int32_t height = frontend->energy[middle];
  uint8_t earlier = middle, later = middle;
  for (int32_t distance = 1; distance <= SPL_FE_ISOLATION; distance++) {
    earlier = before(earlier, ENERGY_SIZE);
    later = after(later, ENERGY_SIZE);
    if (frontend->energy[earlier] >= height || frontend->energy[later] > height) {
      return false;
    }
  }
  return true;
}

/* Minus the second difference of three adjacent boxes. The running sum cannot drift: it is of
 * integers. */
static int32_t next_curvature(spl_frontend_t *frontend, int32_t decimated) {
  uint8_t oldest = frontend->decimated_next;
  uint8_t middle = (uint8_t)(oldest + SPL_FE_BOX);
  uint8_t newer = (uint8_t)(oldest + 2 * SPL_FE_BOX);
  middle = (uint8_t)(middle >= DECIMATED_SIZE ? middle - DECIMATED_SIZE : middle);
  newer = (uint8_t)(newer >= DECIMATED_SIZE ? newer - DECIMATED_SIZE : newer);
  frontend->curvature_sum += frontend->decimated[oldest] - decimated +
                             3 * (frontend->decimated[newer] - frontend->decimated[middle]);
  frontend->decimated[oldest] = decimated;
  frontend->decimated_next = after(oldest, DECIMATED_SIZE);
  if (frontend->warm_up > 0) {
    frontend->warm_up--;
    return 0;
  }
  return frontend->curvature_sum;
}

static void filter(spl_frontend_t *frontend, int32_t decimated) {
  int32_t curvature = next_curvature(frontend, decimated);
  uint8_t leaving = (uint8_t)(frontend->curvature_next + SPL_FE_ISOLATION);
  leaving = (uint8_t)(leaving >= CURVATURE_SIZE ? leaving - CURVATURE_SIZE : leaving);
  frontend->energy_sum += absolute(curvature) - absolute(frontend->curvature[leaving]);
  frontend->curvature[frontend->curvature_next] = curvature;
  frontend->curvature_next = after(frontend->curvature_next, CURVATURE_SIZE);
  frontend->energy[frontend->energy_next] = frontend->energy_sum;
  frontend->energy_next = after(frontend->energy_next, ENERGY_SIZE);

  uint8_t middle = (uint8_t)(frontend->energy_next + SPL_FE_ISOLATION);
  middle = (uint8_t)(middle >= ENERGY_SIZE ? middle - ENERGY_SIZE : middle);
  int32_t height = frontend->energy[middle];
  if (height >= SPL_FE_HEIGHT_FLOOR && is_isolated_maximum(frontend, middle)) {
    spl_candidate_t *candidate = &frontend->candidate[frontend->written % SPL_FE_CANDIDATES];
    find_r(frontend, candidate);
    candidate->height = height;
    candidate->clipped = frontend->clip_age <= SPL_FE_SPAN;
    frontend->written++;
  }
}

static void decimate(spl_frontend_t *frontend, int16_t sample) {
  frontend->partial += sample;
  frontend->phase++;
  if (frontend->phase == SPL_FE_DECIMATION) {
    int32_t decimated = frontend->partial;
    frontend->partial = 0;
    frontend->phase = 0;
    filter(frontend, decimated);
  }
}

/* ---- Beats ---- */

/* 13/32 of the way from noise to beats until the T wave is over, then falling to 8/32. */
static int32_t threshold(const spl_frontend_t *frontend, int32_t distance) {
  int32_t noise = frontend->noise.median;
  int32_t late = distance - SPL_FE_T_WAVE;
  late = late < 0 ? 0 : smaller(late, SPL_FE_DECAY);
  return noise + ((frontend->signal.median - noise) * (13 - 5 * late / SPL_FE_DECAY) >> 5);
}

static uint16_t interval(uint32_t samples) {
  return (uint16_t)(samples > UINT16_MAX ? UINT16_MAX : samples);
}

static void accept(spl_frontend_t *frontend, uint32_t index) {
  const spl_candidate_t *candidate = &frontend->candidate[index % SPL_FE_CANDIDATES];
  uint32_t place = (uint32_t)frontend->pending_first + frontend->pending_count;
  spl_pending_t *beat = &frontend->pending[place % SPL_FE_PENDING];
  frontend->pending_count++;
  beat->r_sample = candidate->r_sample;
  beat->rr_samples = 0;
  if (frontend->has_beat) {
    beat->rr_samples = interval(candidate->r_sample - frontend->last_r);
    push_level(&frontend->rr, beat->rr_samples);
  }
  beat->rr_median = (uint16_t)frontend->rr.median;
  beat->noisy = 2 * frontend->noise.median > candidate->height;
  if (!candidate->clipped) {
    int32_t largest = LARGEST_GROWTH * frontend->signal.median;
    push_level(&frontend->signal, smaller(candidate->height, largest));
  }
  frontend->history_start = index + 1u;
  frontend->last_r = candidate->r_sample;
  frontend->last_bend = candidate->bend;
  frontend->has_beat = true;
}

/* The highest candidate since the last beat that is neither its T wave nor beside the next
 * candidate. */
static bool find_missed(const spl_frontend_t *frontend, uint32_t next_r, uint32_t *missed) {
  uint32_t held = SPL_FE_CANDIDATES - (frontend->written - frontend->judged);
  uint32_t since_beat = frontend->judged - frontend->history_start;
  uint32_t kept = since_beat < held ? since_beat : held;
  int32_t best = -1;
  for (uint32_t index = frontend->judged - kept; index != frontend->judged; index++) {
    const spl_candidate_t *candidate = &frontend->candidate[index % SPL_FE_CANDIDATES];
    int32_t since = (int32_t)(candidate->r_sample - frontend->last_r);
    int32_t until = (int32_t)(next_r - candidate->r_sample);
    bool inside = since > SPL_FE_T_WAVE && until > SPL_FE_REFRACTORY;
    if (inside && !candidate->clipped && candidate->height > best) {
      best = candidate->height;
      *missed = index;
    }
  }
  return best >= 0;
}

static bool search_back(spl_frontend_t *frontend, uint32_t next_r) {
  int32_t gap = (int32_t)(next_r - frontend->last_r);
  int32_t limit = frontend->rr.count > 0 ? frontend->rr.median * 5 >> 2 : SPL_FE_PAUSE;
  uint32_t missed;
  if (gap <= limit || !find_missed(frontend, next_r, &missed)) {
    return false;
  }
  int32_t height = frontend->candidate[missed % SPL_FE_CANDIDATES].height;
  int32_t halvings = gap > SPL_FE_PAUSE ? (gap - SPL_FE_PAUSE) / SPL_FE_PAUSE_STEP : 0;
  int32_t lowest = threshold(frontend, 0) >> 1 >> smaller(halvings, HALVINGS_MAX);
  if (height <= lowest || (halvings > 0 && height <= 2 * frontend->noise.median)) {
    return false;
  }
  if (halvings > 0) {
    fill_levels(&frontend->signal, height);
  }
  accept(frontend, missed);
  return true;
}

static bool is_beat(const spl_frontend_t *frontend, const spl_candidate_t *candidate) {
  int32_t distance = (int32_t)(candidate->r_sample - frontend->last_r);
  if (candidate->height <= threshold(frontend, distance)) {
    return false;
  }
  int32_t needed_bend =
      distance < SPL_FE_EARLY_T_WAVE ? frontend->last_bend : frontend->last_bend / 2;
  bool is_t_wave = distance < SPL_FE_T_WAVE && candidate->bend < needed_bend;
  return !frontend->has_beat || (distance > SPL_FE_REFRACTORY && !is_t_wave);
}

static void judge(spl_frontend_t *frontend, const spl_candidate_t *candidate) {
  if (is_beat(frontend, candidate)) {
    accept(frontend, frontend->judged);
  } else if (!candidate->clipped) {
    push_level(&frontend->noise, smaller(candidate->height, frontend->signal.median));
  }
  frontend->judged++;
}

static void learn(spl_frontend_t *frontend) {
  int32_t highest = SPL_FE_HEIGHT_FLOOR;
  for (uint32_t index = 0; index != frontend->written; index++) {
    const spl_candidate_t *candidate = &frontend->candidate[index];
    if (!candidate->clipped && candidate->height > highest) {
      highest = candidate->height;
    }
  }
  fill_levels(&frontend->signal, highest);
  fill_levels(&frontend->noise, 0);
  frontend->learned = true;
}

/* One step a push: a missed beat before the oldest unjudged candidate, or else that candidate. */
static void detect(spl_frontend_t *frontend) {
  if (!frontend->learned) {
    if (frontend->now < SPL_FE_LEARNING - 1) {
      return;
    }
    learn(frontend);
  }
  if (frontend->judged != frontend->written) {
    const spl_candidate_t *candidate = &frontend->candidate[frontend->judged % SPL_FE_CANDIDATES];
    if (!search_back(frontend, candidate->r_sample)) {
      judge(frontend, candidate);
    }
  }
}

/* ---- Cycles ---- */

/* Twice the mean of the flattest stretch of the PR segment before R, `r_age` samples ago. */
static int32_t isoelectric_level2(const spl_frontend_t *frontend, int32_t r_age) {
  const int32_t box = SPL_FE_ISOELECTRIC_BOX;
  int32_t oldest = r_age + SPL_FE_ISOELECTRIC_FROM;
  int32_t newest = r_age + SPL_FE_ISOELECTRIC_TO + 1;
  int32_t total = 0, variation = 0, best_total = 0, least = INT32_MAX;
  int32_t previous = raw_at(frontend, oldest);
  for (int32_t age = oldest; age >= newest; age--) {
    int32_t sample = raw_at(frontend, age);
    total += sample;
    variation += absolute(sample - previous);
    previous = sample;
    if (age > oldest - box + 1) {
      continue;
    }
    if (variation < least) {
      least = variation;
      best_total = total;
    }
    int32_t leaving = raw_at(frontend, age + box - 1);
    total -= leaving;
    variation -= absolute(raw_at(frontend, age + box - 2) - leaving);
  }
  return rounded_down(2 * best_total + box / 2, box);
}

/* One point of the cycle about R, `r_age` samples ago, in Q12 of the R amplitude: a cubic through
 * the four samples about it. Beyond the limit lies the next QRS: the isoelectric level stands in
 * its place. */
static int16_t cycle_point(const spl_frontend_t *frontend, int32_t r_age, int32_t point) {
  int32_t position = (point - SPL_CYCLE_R_INDEX) * SPL_FE_STEP_Q16;
  int32_t offset = position >> 16;
  int32_t fraction = (position & 0xFFFF) >> 6;
  if (offset >= frontend->job_limit) {
    return 0;
  }
  int32_t x1 = raw_at(frontend, r_age - offset);
  int32_t value = 0;
  if (fraction != 0) {
    int32_t x0 = raw_at(frontend, r_age - offset + 1);
    int32_t x2 = raw_at(frontend, r_age - offset - 1);
    int32_t x3 = raw_at(frontend, r_age - offset - 2);
    value = 3 * (x1 - x2) + x3 - x0;
    value = (value * fraction >> 10) + 2 * x0 - 5 * x1 + 4 * x2 - x3;
    value = (value * fraction >> 10) + x2 - x0;
    value = value * fraction >> 10;
  }
  value += 2 * x1 - frontend->job_isoelectric2;
  return saturated16(((int64_t)value * frontend->job_reciprocal + (1 << 17)) >> 18);
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
  if (frontend->clip_age <= first_age) {
    return SPL_VERDICT_CLIP;
  }
  if (frontend->flat_age <= first_age) {
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
  frontend->job_limit = next > 0 ? next - SPL_FE_MASK : INT32_MAX;
  frontend->job_push = 1;
}

/* Whether the coarse cycle is like the template but for an offset; the template then moves an
 * eighth of the way towards it. */
static bool is_like_template(spl_frontend_t *frontend) {
  int32_t distance = 0, size = 0, total = 0;
  if (!frontend->has_template) {
    memcpy(frontend->template_points, frontend->coarse, sizeof frontend->coarse);
    frontend->has_template = true;
  }
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    total += frontend->coarse[index] - frontend->template_points[index];
    size += absolute(frontend->template_points[index]);
  }
  int32_t offset = rounded_down(total, SPL_FE_COARSE_SIZE);
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    int32_t difference = frontend->coarse[index] - frontend->template_points[index];
    distance += absolute(difference - offset);
  }
  if (8 * distance > SHAPE_LIMIT_Q3 * size) {
    frontend->unlike++;
    if (frontend->unlike == UNLIKE_MAX) {
      memcpy(frontend->template_points, frontend->coarse, sizeof frontend->coarse);
      frontend->unlike = 0;
    }
    return false;
  }
  frontend->unlike = 0;
  for (int32_t index = 0; index < SPL_FE_COARSE_SIZE; index++) {
    int32_t point = frontend->template_points[index];
    frontend->template_points[index] = (int16_t)(point + ((frontend->coarse[index] - point) >> 3));
  }
  return true;
}

static void cut_coarse(spl_frontend_t *frontend, int32_t r_age) {
  int32_t first = (frontend->job_push - 1) * COARSE_CHUNK;
  for (int32_t index = first; index < first + COARSE_CHUNK; index++) {
    frontend->coarse[index] = cycle_point(frontend, r_age, index * SPL_FE_COARSE_STEP);
  }
}

/* Adds a rounded eighth of each point; eight of them make a mean. */
static void cut_cycle(spl_frontend_t *frontend, int32_t r_age) {
  int32_t first = (frontend->job_push - 1 - COARSE_PUSHES) * CYCLE_CHUNK;
  for (int32_t index = first; index < first + CYCLE_CHUNK; index++) {
    int32_t eighth = (cycle_point(frontend, r_age, index) + AVERAGED_CYCLES / 2) >> 3;
    int32_t sum = frontend->summed == 0 ? 0 : frontend->mean[index];
    frontend->mean[index] = saturated16(sum + eighth);
  }
}

static uint32_t report(spl_frontend_t *frontend, spl_verdict_t verdict, spl_beat_t *beat) {
  const spl_pending_t *pending = &frontend->pending[frontend->pending_first];
  beat->r_sample = pending->r_sample;
  beat->rr_samples = pending->rr_samples;
  beat->amplitude = saturated16((frontend->job_amplitude2 + 1) >> 1);
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

/* One push of work on the oldest pending beat. */
static uint32_t extract(spl_frontend_t *frontend, spl_beat_t *beat) {
  if (frontend->pending_count == 0) {
    return 0;
  }
  uint32_t since_r = frontend->now - frontend->pending[frontend->pending_first].r_sample;
  if (since_r < SPL_FE_REPORT_LAG) {
    return 0;
  }
  int32_t r_age = (int32_t)since_r;
  if (frontend->job_push == 0) {
    spl_verdict_t verdict = start_job(frontend, r_age);
    if (verdict != SPL_VERDICT_ACCEPTED) {
      return report(frontend, verdict, beat);
    }
    start_cutting(frontend);
    return 0;
  }
  if (frontend->job_push < COARSE_PUSHES) {
    cut_coarse(frontend, r_age);
  } else if (frontend->job_push == COARSE_PUSHES) {
    if (!is_like_template(frontend)) {
      return report(frontend, SPL_VERDICT_ECTOPIC, beat);
    }
  } else {
    cut_cycle(frontend, r_age);
  }
  if (frontend->job_push == JOB_PUSHES) {
    return report(frontend, SPL_VERDICT_ACCEPTED, beat);
  }
  frontend->job_push++;
  return 0;
}

/* ---- Interface ---- */

void spl_frontend_init(spl_frontend_t *frontend) {
  memset(frontend, 0, sizeof *frontend);
  frontend->now = UINT32_MAX;
  frontend->clip_age = UINT16_MAX;
  frontend->flat_age = UINT16_MAX;
  frontend->warm_up = 3 * SPL_FE_BOX - 1;
}

uint32_t spl_frontend_push(spl_frontend_t *frontend, int16_t sample, spl_beat_t *beat) {
  store_raw(frontend, sample);
  detect(
      frontend); /* before the filters: a candidate is settled in one push and judged in the next */
  decimate(frontend, sample);
  return extract(frontend, beat);
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
