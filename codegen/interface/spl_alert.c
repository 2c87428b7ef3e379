#include "spl_alert.h"

#include <string.h>

#include "spl_spread.h"

#define QUIET (SPL_ALERT_QUIET_S * SPL_FS_HZ)
#define STALE (SPL_ALERT_STALE_S * SPL_FS_HZ)

void spl_alert_init(spl_alerts_t *alerts) {
  memset(alerts, 0, sizeof *alerts);
  alerts->curve = spl_curve_as_it_is;
  alerts->state = SPL_TASK == SPL_TASK_OTHER ? SPL_ALERT_ABSENT : SPL_ALERT_NONE;
  alerts->high = SPL_ALERT_HIGH_LEVEL;
  alerts->critical = SPL_ALERT_CRITICAL_LEVEL;
}

static bool change(spl_alerts_t *alerts, spl_alert_t state, uint32_t sample) {
  if (SPL_TASK == SPL_TASK_OTHER || alerts->state == state) {
    return false;
  }
  alerts->state = state;
  alerts->changed_at = sample;
  return true;
}

/* Samples are counted modulo 2^32. */
static bool is_after(uint32_t sample, uint32_t other) {
  return (int32_t)(sample - other) > 0;
}

static bool end_in_silence(spl_alerts_t *alerts, uint32_t sample) {
  alerts->silent_at = sample;
  return change(alerts, SPL_ALERT_NONE, sample);
}

bool spl_alert_time(spl_alerts_t *alerts, uint32_t sample) {
  bool changed = false;
  uint32_t quiet_at = alerts->accepted_at + QUIET;
  uint32_t stale_at = alerts->estimate_at + STALE;
  uint32_t first = is_after(quiet_at, stale_at) ? stale_at : quiet_at;
  if (alerts->count > 0u && is_after(sample, first)) {
    alerts->count = 0;
    if (alerts->state != SPL_ALERT_SINE) {
      changed = end_in_silence(alerts, first);
    }
  }
  if (alerts->state == SPL_ALERT_SINE && is_after(sample, alerts->sine_at + QUIET)) {
    changed = end_in_silence(alerts, alerts->sine_at + QUIET);
  }
  return changed;
}

static bool looks_like_a_sine_wave(const spl_alerts_t *alerts, const spl_beat_t *beat) {
  int32_t difference = (int32_t)beat->rr_samples - (int32_t)alerts->rr_samples;
  int32_t allowed = beat->rr_samples / 8;
  int32_t uv = spl_microvolts(beat->amplitude);
  return beat->verdict == SPL_VERDICT_WIDE && difference <= allowed && -difference <= allowed &&
         (uv >= SPL_ALERT_SINE_MIN_UV || uv <= -SPL_ALERT_SINE_MIN_UV);
}

bool spl_alert_beat(spl_alerts_t *alerts, const spl_beat_t *beat) {
  alerts->run = looks_like_a_sine_wave(alerts, beat) ? alerts->run + 1u : 0u;
  alerts->rr_samples = beat->rr_samples;
  if (beat->verdict == SPL_VERDICT_ACCEPTED) {
    alerts->accepted_at = beat->r_sample;
  }
  if (SPL_TASK == SPL_TASK_OTHER || alerts->run < SPL_ALERT_SINE_BEATS) {
    return false;
  }
  alerts->sine_at = beat->r_sample;
  alerts->count = 0;
  return change(alerts, SPL_ALERT_SINE, beat->r_sample);
}

/* Whether an estimate reaches a level: the risk at the level is over `permille`, or, of a model with
 * one answer, the value is there, calibrated. */
static bool reaches(const spl_alerts_t *alerts, const int32_t answer[SPL_QUANTILES], int32_t level,
                    int32_t permille) {
#if SPL_HAS_SPREAD
  return spl_spread_risk(&alerts->curve, answer, level) > permille;
#else
  (void)permille;
  return spl_curve_value(&alerts->curve, answer[SPL_MEDIAN]) >= level;
#endif
}

/* Whether a level counts as reached: it is entered at the level, and left
 * under it by the hysteresis. */
static bool is_on(const spl_alerts_t *alerts, int32_t level, int32_t permille, bool was_on) {
  uint32_t on = 0;
  uint32_t estimates = 0;
  if (was_on) {
    level -= SPL_ALERT_HYSTERESIS;
  }
  for (uint32_t i = 0; i < alerts->count; i++) {
    const int32_t *answer = alerts->answers[i];
    if (answer[SPL_MEDIAN] == SPL_NO_VALUE) {
      continue;
    }
    estimates++;
    on += reaches(alerts, answer, level, permille) ? 1u : 0u;
  }
  return was_on ? estimates - on < SPL_ALERT_NEEDED : on >= SPL_ALERT_NEEDED;
}

#if !SPL_HAS_SPREAD
/* A value has no risk. */
#define SPL_ALERT_HIGH_PERMILLE 0
#define SPL_ALERT_CRITICAL_PERMILLE 0
#endif

static spl_alert_t state_of_answers(const spl_alerts_t *alerts) {
  /* Every estimate reaches that. */
  if (!is_on(alerts, INT32_MIN, -1, false)) {
    return SPL_ALERT_NONE;
  }
  if (SPL_TASK == SPL_TASK_PROBABILITY) {
    bool was_likely = alerts->state == SPL_ALERT_LIKELY;
    return is_on(alerts, alerts->high, SPL_ALERT_HIGH_PERMILLE, was_likely) ? SPL_ALERT_LIKELY
                                                                            : SPL_ALERT_UNLIKELY;
  }
  bool was_critical = alerts->state == SPL_ALERT_CRITICAL;
  bool was_high = was_critical || alerts->state == SPL_ALERT_HIGH;
  if (is_on(alerts, alerts->critical, SPL_ALERT_CRITICAL_PERMILLE, was_critical)) {
    return SPL_ALERT_CRITICAL;
  }
  return is_on(alerts, alerts->high, SPL_ALERT_HIGH_PERMILLE, was_high) ? SPL_ALERT_HIGH
                                                                        : SPL_ALERT_NORMAL;
}

bool spl_alert_answer(spl_alerts_t *alerts, uint32_t r_sample, const int32_t answer[SPL_QUANTILES],
                      bool grown) {
  if (!grown || alerts->count == 0u) {
    for (uint32_t i = SPL_ALERT_ANSWERS - 1u; i > 0u; i--) {
      memcpy(alerts->answers[i], alerts->answers[i - 1u], sizeof alerts->answers[i]);
    }
    alerts->count = (uint8_t)(alerts->count + (alerts->count < SPL_ALERT_ANSWERS ? 1u : 0u));
  }
  memcpy(alerts->answers[0], answer, sizeof alerts->answers[0]);
  if (answer[SPL_MEDIAN] != SPL_NO_VALUE) {
    alerts->estimate_at = r_sample;
  }
  spl_alert_t state = state_of_answers(alerts);
  /* The suspicion of a sine wave ends with a rhythm, or in silence: not for want of estimates. */
  if (state == SPL_ALERT_NONE && alerts->state == SPL_ALERT_SINE) {
    return false;
  }
  return change(alerts, state, r_sample);
}

bool spl_alert_latest(const spl_alerts_t *alerts, int32_t *value) {
  if (alerts->count == 0u || alerts->answers[0][SPL_MEDIAN] == SPL_NO_VALUE) {
    return false;
  }
  int32_t newest = spl_curve_value(&alerts->curve, alerts->answers[0][SPL_MEDIAN]);
  if (!spl_is_plausible(newest)) {
    return false;
  }
  *value = newest;
  return true;
}

#if SPL_TASK == SPL_TASK_POTASSIUM
/* An array of -1 characters where the sum of the answers, all plausible, could overflow. */
typedef char assume_sums_fit[SPL_PLAUSIBLE_LOW >= 0 &&
                                     SPL_PLAUSIBLE_HIGH <= INT32_MAX / (int32_t)SPL_ALERT_ANSWERS
                                 ? 1
                                 : -1];

bool spl_alert_mean(const spl_alerts_t *alerts, int32_t *value) {
  int32_t sum = 0;
  int32_t estimates = 0;
  for (uint32_t i = 0; i < alerts->count; i++) {
    if (alerts->answers[i][SPL_MEDIAN] != SPL_NO_VALUE) {
      sum += alerts->answers[i][SPL_MEDIAN];
      estimates++;
    }
  }
  if (estimates < (int32_t)SPL_ALERT_NEEDED) {
    return false;
  }
  *value = sum / estimates;
  return true;
}
#endif

bool spl_is_plausible(int32_t value) {
  return value >= SPL_PLAUSIBLE_LOW && value <= SPL_PLAUSIBLE_HIGH;
}

const char *spl_alert_word(spl_alert_t alert) {
  static const char *const words[SPL_ALERTS] = {
      [SPL_ALERT_NONE] = "none",     [SPL_ALERT_NORMAL] = "normal",
      [SPL_ALERT_HIGH] = "high",     [SPL_ALERT_CRITICAL] = "critical",
      [SPL_ALERT_SINE] = "sine",     [SPL_ALERT_UNLIKELY] = "unlikely",
      [SPL_ALERT_LIKELY] = "likely", [SPL_ALERT_ABSENT] = "-",
  };
  return alert < SPL_ALERTS ? words[alert] : "unknown";
}
