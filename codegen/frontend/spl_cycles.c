/* The extractor: judges each beat's cycle and averages the accepted ones, a little of it a push. */
#include "spl_frontend_parts.h"

/* Beats left out of one mean: with more than two in three rejected, what was accepted is accident. */
#define SKIPPED_MAX (SPL_FE_SKIPPED_MAX * AVERAGED_CYCLES)

static int32_t next_rr(const spl_frontend_t *frontend) {
  if (frontend->pending_count < 2) {
    return 0;
  }
  int32_t rr = frontend->pending[after(frontend->pending_first, SPL_FE_PENDING)].rr_samples;
  return rr < SPL_FE_NEIGHBOUR ? rr : 0;
}

/* Everything but the shape. */
static spl_verdict_t verdict_before_shape(spl_frontend_t *frontend, int32_t first_age) {
  const spl_pending_t *beat = &frontend->pending[frontend->pending_first];
  int32_t rr = beat->rr_samples;
  int32_t median = beat->rr_median;
  int32_t next = frontend->job_next_rr;
  if (frontend->now - frontend->clip_at <= (uint32_t)first_age) {
    return SPL_VERDICT_CLIP;
  }
  if (frontend->now - frontend->flat_at <= (uint32_t)first_age) {
    return SPL_VERDICT_LEAD_OFF;
  }
  if (rr < SPL_FE_RR_MIN || rr > SPL_FE_RR_MAX) {
    return SPL_VERDICT_RR;
  }
  const int32_t size2 = absolute(frontend->amplitude2);
  const bool is_rough = 2 * SPL_FE_ROUGH_PARTS * frontend->rough > size2;
  if (beat->noisy || is_rough || size2 < 2 * SPL_FE_AMPLITUDE_FLOOR) {
    return SPL_VERDICT_NOISE;
  }
  const bool is_premature = 5 * rr < SPL_FE_PREMATURE_FIFTHS * median;
  const bool is_before_premature =
      next > 0 && next < SPL_FE_QUIET && 5 * next < SPL_FE_PREMATURE_FIFTHS * median;
  const bool is_after_pause = 2 * rr > SPL_FE_PAUSED_HALVES * median;
  const int32_t t_wave = SPL_FE_T_WAVE + (SPL_FE_T_WAVE_RR_64THS * median >> 6);
  const bool is_cut_short = is_before_premature && next - SPL_FE_MASK <= t_wave;
  frontend->beside = is_before_premature || is_after_pause;
  if (is_premature) {
    return SPL_VERDICT_ECTOPIC;
  }
  return is_cut_short ? SPL_VERDICT_CUT : SPL_VERDICT_ACCEPTED;
}

/* Looks ahead from the oldest pending beat; its window is complete. Returns whether it still is. */
static bool look_ahead(spl_frontend_t *frontend, int32_t r_age) {
  const spl_pending_t *beat = &frontend->pending[frontend->pending_first];
  int32_t first_age = r_age + SPL_FE_BEFORE;
  int32_t next = next_rr(frontend);
  if (first_age > SPL_FE_RING - SPL_FE_JOB_PUSHES || beat->r_sample < SPL_FE_BEFORE) {
    frontend->amplitude2 = 0;
    frontend->joined = false;
    return false;
  }
  frontend->job_next_rr = next;
  frontend->level2 = frontend->next_level2; /* this beat's, where the last one's line led to it */
  frontend->next_level2 =
      spl_cut_level2(frontend, r_age - (next > 0 ? next : SPL_FE_QUIET), &frontend->rough);
  return true;
}

static spl_verdict_t measure(spl_frontend_t *frontend, int32_t r_age) {
  spl_cut_measure(frontend, r_age);
  return frontend->reported ? verdict_before_shape(frontend, r_age + SPL_FE_BEFORE)
                            : SPL_VERDICT_FIRST;
}

static void start_cutting(spl_frontend_t *frontend) {
  const uint32_t magnitude = (uint32_t)absolute(frontend->amplitude2), one = UINT32_C(1) << 31;
  uint32_t quotient = one / magnitude;
  uint32_t rest = one - quotient * magnitude;
  int32_t reciprocal = (int32_t)(4 * quotient + (4 * rest + magnitude / 2) / magnitude);
  int32_t next = frontend->job_next_rr;
  int32_t limit = next > 0 ? larger(next - SPL_FE_MASK, 0) : SPL_FE_NEIGHBOUR;
  frontend->job_reciprocal = frontend->amplitude2 < 0 ? -reciprocal : reciprocal;
  frontend->job_limit = limit * 65536 / SPL_FE_STEP_Q16;
  const int32_t size =
      (frontend->job_limit + SPL_CYCLE_R_INDEX + SPL_FE_COARSE_STEP - 1) / SPL_FE_COARSE_STEP;
  frontend->coarse_size = (uint8_t)larger(SPL_FE_COARSE_QRS_END, smaller(size, SPL_FE_COARSE_SIZE));
}

static spl_verdict_t align(spl_frontend_t *frontend, int32_t r_age) {
  int16_t qrs[SPL_FE_QRS_SIZE + 1];
  spl_cut(frontend, r_age, -(SPL_FE_QRS_SIZE / 2), 1, qrs, SPL_FE_QRS_SIZE);
  if (spl_shape_is_spike(qrs)) {
    return SPL_VERDICT_UNLIKE;
  }
  spl_shape_align(frontend, qrs);
  return SPL_VERDICT_ACCEPTED;
}

static void cut_cycle(spl_frontend_t *frontend, int32_t r_age) {
  int32_t place = (frontend->job_push - SPL_FE_ALIGN_PUSH - SPL_FE_CHUNK_PUSHES) *
                  (SPL_FE_CHUNK / SPL_FE_CHUNK_PUSHES);
  int16_t *mean = &frontend->mean[place];
  if (frontend->summed == 0) {
    for (int32_t index = 0; index < SPL_FE_CHUNK; index++) {
      mean[index] = 0;
    }
  }
  spl_cut_add(frontend, r_age, place - SPL_CYCLE_R_INDEX, mean);
}

/* Whether the mean is one to report: whole, or a half, a quarter of it ..., where none was for long. */
static bool reports_mean(spl_frontend_t *frontend) {
  uint8_t lift = SPL_FE_AVERAGED_SHIFT - SPL_FE_LEAST_SHIFT;
  while (frontend->summed << lift > AVERAGED_CYCLES) {
    lift--;
  }
  const bool is_due =
      lift == 0 || frontend->mean_reported || frontend->now - frontend->mean_at >= SPL_FE_PATIENCE;
  if (frontend->summed << lift != AVERAGED_CYCLES || !is_due) {
    return false;
  }
  frontend->mean_lift = lift;
  frontend->mean_grown = frontend->mean_reported;
  frontend->mean_reported = true;
  frontend->mean_at = frontend->now;
  return true;
}

/* Counts the beat into the mean. Returns whether the mean is reported. */
static bool average(spl_frontend_t *frontend, spl_verdict_t verdict) {
  bool interrupted = verdict == SPL_VERDICT_RR || verdict == SPL_VERDICT_LEAD_OFF;
  bool reports = false;
  if (verdict == SPL_VERDICT_ACCEPTED) {
    frontend->summed++;
    reports = reports_mean(frontend);
  } else {
    frontend->skipped++;
  }
  if (frontend->summed == AVERAGED_CYCLES || interrupted || frontend->skipped > SKIPPED_MAX) {
    frontend->summed = 0;
    frontend->skipped = 0;
    frontend->mean_reported = false;
  }
  return reports;
}

static uint32_t report(spl_frontend_t *frontend, spl_verdict_t verdict, spl_beat_t *beat) {
  const spl_pending_t *pending = &frontend->pending[frontend->pending_first];
  beat->r_sample = pending->r_sample;
  beat->rr_samples = pending->rr_samples;
  beat->amplitude = (int16_t)saturated16((frontend->amplitude2 + 1) >> 1);
  beat->verdict = verdict;
  frontend->pending_first = after(frontend->pending_first, SPL_FE_PENDING);
  frontend->pending_count--;
  frontend->job_due = frontend->pending[frontend->pending_first].r_sample + SPL_FE_REPORT_LAG;
  frontend->job_push = 0;
  frontend->reported = true;
  frontend->verdicts[verdict]++;
  return average(frontend, verdict) ? SPL_EVENT_BEAT | SPL_EVENT_CYCLE : SPL_EVENT_BEAT;
}

/* One push of the work on a cycle. Returns its verdict so far. */
static spl_verdict_t work(spl_frontend_t *frontend, int32_t r_age) {
  const uint8_t push = frontend->job_push;
  if (push == SPL_FE_MEASURE_PUSH) {
    spl_verdict_t verdict = measure(frontend, r_age);
    if (verdict == SPL_VERDICT_ACCEPTED) {
      start_cutting(frontend);
    }
    return verdict;
  }
  if (push == SPL_FE_SHAPE_PUSH) {
    return spl_shape_has_qrs(frontend) ? SPL_VERDICT_ACCEPTED : SPL_VERDICT_WIDE;
  }
  if (push == SPL_FE_COMPARE_PUSH) {
    frontend->is_usual = spl_shape_is_usual(frontend);
    return SPL_VERDICT_ACCEPTED;
  }
  if (push == SPL_FE_FOLLOW_PUSH && !frontend->is_usual) {
    spl_shape_compare_other(frontend);
    return SPL_VERDICT_ACCEPTED;
  }
  if (push == SPL_FE_ALIGN_PUSH && !frontend->is_usual) {
    spl_shape_follow_other(frontend);
    return SPL_VERDICT_UNLIKE;
  }
  if (push == SPL_FE_COARSE_PUSH) {
    spl_cut(frontend, r_age, -SPL_CYCLE_R_INDEX, SPL_FE_COARSE_STEP, frontend->coarse,
            SPL_FE_COARSE_SIZE);
  } else if (push == SPL_FE_FOLLOW_PUSH) {
    spl_shape_follow(frontend);
  } else if (push == SPL_FE_ALIGN_PUSH) {
    return align(frontend, r_age);
  } else {
    cut_cycle(frontend, r_age);
  }
  return SPL_VERDICT_ACCEPTED;
}

uint32_t spl_cycles_extract(spl_frontend_t *frontend, spl_beat_t *beat) {
  const uint32_t r_sample = frontend->pending[frontend->pending_first].r_sample;
  const int32_t r_age = (int32_t)(frontend->now - r_sample);
  if (frontend->job_push == 0) {
    if (!look_ahead(frontend, r_age)) {
      return report(frontend, frontend->reported ? SPL_VERDICT_LATE : SPL_VERDICT_FIRST, beat);
    }
    frontend->job_push = 1;
    return 0;
  }
  spl_verdict_t verdict = work(frontend, r_age);
  if (verdict != SPL_VERDICT_ACCEPTED || frontend->job_push == SPL_FE_JOB_PUSHES) {
    return report(frontend, verdict, beat);
  }
  bool cuts_next =
      frontend->job_push == SPL_FE_MEASURE_PUSH || frontend->job_push >= SPL_FE_ALIGN_PUSH;
  uint8_t pushes = cuts_next ? SPL_FE_CHUNK_PUSHES : 1;
  frontend->job_push = (uint8_t)(frontend->job_push + pushes);
  frontend->job_due = frontend->now + pushes;
  return 0;
}
