/* The sequential part of the detector: which candidates are beats. */
#include "spl_frontend_parts.h"

/* The value takes the place of the oldest, and its own in their order. */
static void push_level(spl_levels_t *levels, int32_t value) {
  int32_t *sorted = levels->sorted;
  int32_t place = levels->count;
  if (place < SPL_FE_LEVELS) {
    levels->count++;
  } else {
    for (place = 0; sorted[place] != levels->value[levels->next]; place++) {
    }
  }
  for (; place > 0 && sorted[place - 1] > value; place--) {
    sorted[place] = sorted[place - 1];
  }
  for (; place < levels->count - 1 && sorted[place + 1] < value; place++) {
    sorted[place] = sorted[place + 1];
  }
  sorted[place] = value;
  levels->value[levels->next] = value;
  levels->next = after(levels->next, SPL_FE_LEVELS);
  levels->median = sorted[levels->count / 2];
  levels->steady = levels->count == SPL_FE_LEVELS &&
                   SPL_FE_STEADY_PARTS * (sorted[6] - sorted[2]) < levels->median;
}

static void restart_levels(spl_levels_t *levels, int32_t value) {
  levels->count = 0;
  levels->next = 0;
  push_level(levels, value);
}

static int32_t usual_rr(const spl_frontend_t *frontend) {
  return frontend->rr.count > 0 ? frontend->rr.median : SPL_FS_HZ;
}

/* One RR interval alone may be from the first T wave to an R. */
static bool knows_rate(const spl_frontend_t *frontend) {
  return frontend->rr.count > 1;
}

/* The interval taken in `age` intervals before the newest. */
static int32_t recent_rr(const spl_frontend_t *frontend, uint32_t age) {
  return frontend->rr.value[(frontend->rr.next + SPL_FE_LEVELS - 1u - age) % SPL_FE_LEVELS];
}

static bool alike(int32_t rr, int32_t other_rr) {
  return SPL_FE_ALIKE_PARTS * absolute(rr - other_rr) <= other_rr;
}

/* Whether beats have come soon, late, soon, late, and one so soon would be the next. */
static bool alternates(const spl_frontend_t *frontend, int32_t soon) {
  if (frontend->rr.count < SPL_FE_ALTERNATING) {
    return false;
  }
  int32_t late = recent_rr(frontend, 0);
  return alike(recent_rr(frontend, 1), soon) && alike(recent_rr(frontend, 2), late) &&
         4 * late > SPL_FE_LATE_QUARTERS * soon;
}

/* When the T wave is over, samples after R: later at slow rates, and at one unknown. Beats that alternate, if
 * one after `distance` is the next, may be R, T, R, T: the RR interval is what lies between two of them. */
static int32_t t_wave(const spl_frontend_t *frontend, int32_t distance) {
  int32_t rr = usual_rr(frontend);
  if (!knows_rate(frontend)) {
    rr = larger(rr, SPL_FS_HZ);
  } else if (alternates(frontend, smaller(distance, UINT16_MAX))) {
    rr = larger(rr, smaller(distance + recent_rr(frontend, 0), SPL_FE_T_WAVE_RR));
  }
  return SPL_FE_T_WAVE + (SPL_FE_T_WAVE_RR_64THS * rr >> 6);
}

/* How high a beat must be, `distance` after the last: from noise so many 32nds of the way to beats.
 * In a steady rhythm HIGH_32NDS, and more where there is noise, falling to 6 from 5/8 of an RR
 * interval until a beat is due; in any other from HIGH_32NDS to 8 after the T wave. */
static int32_t threshold(const spl_frontend_t *frontend, int32_t distance) {
  int32_t noise = frontend->noise.median;
  int32_t above = frontend->signal.median - noise;
  if (frontend->rr.steady) {
    int32_t rr = frontend->rr.median;
    int32_t early = SPL_FE_HIGH_32NDS + noise / (frontend->signal.median / SPL_FE_NOISE_PARTS + 1);
    int32_t late = 8 * smaller(distance, UINT16_MAX) - SPL_FE_DUE_FROM_EIGHTHS * rr;
    int32_t until_due = (8 - SPL_FE_DUE_FROM_EIGHTHS) * rr;
    early = smaller(early, SPL_FE_HIGHEST_32NDS);
    late = smaller(larger(late, 0), until_due);
    return noise + (above * (early - (early - SPL_FE_DUE_32NDS) * late / until_due) >> 5);
  }
  const int32_t fall = SPL_FE_HIGH_32NDS - SPL_FE_RESTLESS_32NDS;
  int32_t late = smaller(larger(distance - t_wave(frontend, 0), 0), SPL_FE_DECAY);
  return noise + (above * (SPL_FE_HIGH_32NDS - fall * late / SPL_FE_DECAY) >> 5);
}

static uint16_t interval(uint32_t samples) {
  return (uint16_t)(samples > UINT16_MAX ? UINT16_MAX : samples);
}

static void take_shape(spl_frontend_t *frontend, const spl_wave_t *wave) {
  frontend->last_bend = wave->bend;
  frontend->last_narrowness = wave->narrowness;
}

static void accept(spl_frontend_t *frontend, uint32_t index) {
  const spl_wave_t *candidate = &frontend->candidate[index % SPL_FE_CANDIDATES];
  uint32_t place = frontend->pending_first + frontend->pending_count;
  spl_pending_t *beat = &frontend->pending[place % SPL_FE_PENDING];
  const uint32_t placed = spl_side_place(frontend, candidate);
  if (frontend->pending_count++ == 0) {
    frontend->job_due = placed + SPL_FE_REPORT_LAG;
  }
  beat->r_sample = placed;
  beat->rr_samples = 0;
  if (frontend->has_beat) {
    beat->rr_samples = interval(placed - frontend->last_placed);
    push_level(&frontend->rr, interval(candidate->r_sample - frontend->last_r));
  }
  frontend->last_placed = placed;
  beat->rr_median = (uint16_t)frontend->rr.median;
  beat->noisy = SPL_FE_NOISY_PARTS * frontend->noise.median > candidate->height;
  if (!candidate->clipped) {
    int32_t largest = SPL_FE_LARGEST_GROWTH * frontend->signal.median;
    push_level(&frontend->signal, smaller(candidate->height, largest));
    push_level(&frontend->bends, candidate->bend);
  }
  frontend->history_start = index + 1u;
  frontend->last_r = candidate->r_sample;
  take_shape(frontend, candidate);
  frontend->has_beat = true;
}

/* Whether a candidate is neither the last beat's T wave nor an echo of it. A T wave is duller and wider than
 * its R: early on it is wider (by an eighth, while the heart rate is unknown), or has at most four fifths of
 * sharpness times narrowness, and less and less of that from where T waves end. A recording may begin with a
 * T wave: it has at most half of that of the highest wave in the first 2 s. */
static bool may_follow(const spl_frontend_t *frontend, const spl_wave_t *candidate) {
  const int32_t fade = SPL_FE_T_WAVE_FADE;
  const int32_t distance = (int32_t)(candidate->r_sample - frontend->last_r);
  const int32_t left = smaller(t_wave(frontend, distance) + SPL_FE_T_WAVE_TAIL - distance, fade);
  if (left <= 0) {
    return true;
  }
  int64_t shape = (int64_t)larger(candidate->bend, 0) * candidate->narrowness;
  int64_t last_shape = (int64_t)frontend->last_bend * frontend->last_narrowness;
  const int32_t tenths = frontend->has_beat ? SPL_FE_DULL_TENTHS : SPL_FE_DULL_FIRST_TENTHS;
  if (10 * fade * fade * shape < tenths * left * left * last_shape) {
    return false;
  }
  const int32_t eighths = knows_rate(frontend) ? 8 : SPL_FE_WIDE_EIGHTHS;
  bool is_wide = 8 * candidate->narrowness < eighths * frontend->last_narrowness;
  bool is_early = distance <= SPL_FE_REFRACTORY || (left >= SPL_FE_T_WAVE_WIDE && is_wide);
  return !(frontend->has_beat && is_early);
}

/* The highest candidate since the last beat that is neither its T wave nor beside the next
 * candidate. */
static bool find_missed(const spl_frontend_t *frontend, uint32_t next_r, uint32_t *missed) {
  uint32_t held = SPL_FE_CANDIDATES - (frontend->written - frontend->judged);
  uint32_t since_beat = frontend->judged - frontend->history_start;
  uint32_t kept = since_beat < held ? since_beat : held;
  int32_t after_t_wave = t_wave(frontend, 0) + SPL_FE_T_WAVE_OVER;
  int32_t best = -1;
  for (uint32_t index = frontend->judged - kept; index != frontend->judged; index++) {
    const spl_wave_t *candidate = &frontend->candidate[index % SPL_FE_CANDIDATES];
    int32_t since = (int32_t)(candidate->r_sample - frontend->last_r);
    int32_t until = (int32_t)(next_r - candidate->r_sample);
    bool inside = since > after_t_wave && until > SPL_FE_REFRACTORY;
    if (inside && !candidate->clipped && candidate->height > best &&
        may_follow(frontend, candidate)) {
      best = candidate->height;
      *missed = index;
    }
  }
  return best >= 0;
}

static bool search_back(spl_frontend_t *frontend, uint32_t next_r) {
  int32_t gap = (int32_t)(next_r - frontend->last_r);
  int32_t limit =
      frontend->rr.count > 0 ? frontend->rr.median * SPL_FE_MISSED_QUARTERS >> 2 : SPL_FE_PAUSE;
  uint32_t missed;
  if (gap <= limit || !find_missed(frontend, next_r, &missed)) {
    return false;
  }
  int32_t height = frontend->candidate[missed % SPL_FE_CANDIDATES].height;
  int32_t noise = frontend->noise.median;
  int32_t lowest = noise + ((frontend->signal.median - noise) * SPL_FE_HIGH_32NDS >> 5);
  lowest >>= 1;
  if (height <= lowest) {
    int32_t halvings = gap > SPL_FE_PAUSE ? (gap - SPL_FE_PAUSE) / SPL_FE_PAUSE_STEP : 0;
    if (height <=
        larger(lowest >> smaller(halvings, SPL_FE_HALVINGS_MAX), SPL_FE_NOISY_PARTS * noise)) {
      return false;
    }
    restart_levels(&frontend->signal, height);
  }
  accept(frontend, missed);
  return true;
}

/* How sharply a beat must bend where there is noise: as its share of beats, 9/8 of what beats do.
 * Electrode motion is as high as beats, but slower. */
static int32_t dullest(const spl_frontend_t *frontend) {
  int32_t noise_q5 = smaller((frontend->noise.median << 5) / frontend->signal.median, 32);
  return frontend->bends.median * SPL_FE_SHARP_EIGHTHS * noise_q5 >> 8;
}

/* A T wave nearly as high as R does not count among the noise: the next R must still stand out. */
static void judge(spl_frontend_t *frontend, const spl_wave_t *candidate) {
  int32_t distance = (int32_t)(candidate->r_sample - frontend->last_r);
  bool stands_out =
      candidate->height > threshold(frontend, distance) && candidate->bend >= dullest(frontend);
  bool follows = may_follow(frontend, candidate);
  if (stands_out && follows) {
    accept(frontend, frontend->judged);
  } else if (!candidate->clipped) {
    int32_t usual = frontend->signal.median;
    int32_t noise = larger(frontend->noise.median, usual >> SPL_FE_T_NOISE_SHIFT);
    bool counts = follows || is_far_higher(usual, candidate->height);
    push_level(&frontend->noise, counts ? smaller(candidate->height, usual) : noise);
  }
  frontend->judged++;
}

static void learn(spl_frontend_t *frontend) {
  int32_t highest = 0;
  for (uint32_t index = 0; index != frontend->written; index++) {
    const spl_wave_t *candidate = &frontend->candidate[index];
    if (!candidate->clipped && candidate->height > highest) {
      highest = candidate->height;
      take_shape(frontend, candidate);
    }
  }
  if (highest > 0) {
    spl_side_learn(frontend, highest);
  }
  restart_levels(&frontend->signal, larger(highest, SPL_FE_HEIGHT_FLOOR));
  frontend->learned = true;
}

void spl_beats_detect(spl_frontend_t *frontend) {
  const spl_wave_t *candidate = &frontend->candidate[frontend->judged % SPL_FE_CANDIDATES];
  if (!frontend->learned) {
    learn(frontend);
  } else if (!search_back(frontend, candidate->r_sample)) {
    judge(frontend, candidate);
  }
}
