#include "alert.h"

#include <string.h>

#include "app_config.h"

#define QUIET (ALERT_QUIET_S * BOARD_FS_HZ)
#define STALE (ALERT_STALE_S * BOARD_FS_HZ)

void alert_init(alerts_t *alerts) {
  memset(alerts, 0, sizeof *alerts);
}

static bool change(alerts_t *alerts, alert_t state, uint32_t sample) {
  if (alerts->state == state) {
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

bool alert_time(alerts_t *alerts, uint32_t sample) {
  bool changed = false;
  uint32_t quiet_at = alerts->accepted_at + QUIET;
  uint32_t stale_at = alerts->estimate_at + STALE;
  uint32_t first = is_after(quiet_at, stale_at) ? stale_at : quiet_at;
  if (alerts->count > 0u && is_after(sample, first)) {
    alerts->count = 0;
    if (alerts->state != ALERT_SINE) {
      changed = change(alerts, ALERT_NONE, first);
    }
  }
  if (alerts->state == ALERT_SINE && is_after(sample, alerts->sine_at + QUIET)) {
    changed = change(alerts, ALERT_NONE, alerts->sine_at + QUIET);
  }
  return changed;
}

static bool looks_like_a_sine_wave(const alerts_t *alerts, const spl_beat_t *beat, int32_t uv) {
  int32_t difference = (int32_t)beat->rr_samples - (int32_t)alerts->rr_samples;
  int32_t allowed = beat->rr_samples / 8;
  return beat->verdict == SPL_VERDICT_WIDE && difference <= allowed && -difference <= allowed &&
         (uv >= ALERT_SINE_MIN_UV || uv <= -ALERT_SINE_MIN_UV);
}

bool alert_beat(alerts_t *alerts, const spl_beat_t *beat, int32_t amplitude_uv) {
  alerts->run = looks_like_a_sine_wave(alerts, beat, amplitude_uv) ? alerts->run + 1u : 0u;
  alerts->rr_samples = beat->rr_samples;
  if (beat->verdict == SPL_VERDICT_ACCEPTED) {
    alerts->accepted_at = beat->r_sample;
  }
  if (alerts->run < ALERT_SINE_BEATS) {
    return false;
  }
  alerts->sine_at = beat->r_sample;
  alerts->count = 0;
  return change(alerts, ALERT_SINE, beat->r_sample);
}

/* How many of the estimates that count are at or above a level, calibrated. */
static uint32_t reaching(const alerts_t *alerts, int32_t level) {
  uint32_t reached = 0;
  for (uint32_t i = 0; i < alerts->count; i++) {
    reached += alerts->estimates[i] >= level ? 1u : 0u;
  }
  return reached;
}

static bool is_on(const alerts_t *alerts, int32_t level, bool was_on) {
  if (was_on) {
    return alerts->count - reaching(alerts, level - ALERT_HYSTERESIS) < ALERT_NEEDED;
  }
  return reaching(alerts, level) >= ALERT_NEEDED;
}

static alert_t judge(const alerts_t *alerts, const settings_t *settings) {
  bool was_critical = alerts->state == ALERT_CRITICAL;
  bool was_high = was_critical || alerts->state == ALERT_HIGH;
  if (is_on(alerts, settings->critical - settings->offset, was_critical)) {
    return ALERT_CRITICAL;
  }
  return is_on(alerts, settings->high - settings->offset, was_high) ? ALERT_HIGH : ALERT_NORMAL;
}

bool alert_estimate(alerts_t *alerts, const spl_estimate_t *estimate, const settings_t *settings) {
  if (alerts->count == 0u) {
    alerts->next = 0;
  }
  alerts->estimates[alerts->next] = estimate->spl_ueq_l;
  alerts->next = (uint8_t)((alerts->next + 1u) % ALERT_ESTIMATES);
  alerts->count = (uint8_t)(alerts->count + (alerts->count < ALERT_ESTIMATES ? 1u : 0u));
  alerts->estimate_at = estimate->r_sample;
  if (alerts->count < ALERT_NEEDED) {
    return false;
  }
  return change(alerts, judge(alerts, settings), estimate->r_sample);
}

bool alert_mean(const alerts_t *alerts, int32_t *spl_ueq_l) {
  if (alerts->count < ALERT_NEEDED) {
    return false;
  }
  *spl_ueq_l = 0;
  for (uint32_t i = 0; i < alerts->count; i++) {
    *spl_ueq_l += alerts->estimates[i] / alerts->count; /* one by one: no sum overflows */
  }
  return true;
}

const char *alert_word(alert_t state) {
  static const char *const words[] = {[ALERT_NONE] = "none",
                                      [ALERT_NORMAL] = "normal",
                                      [ALERT_HIGH] = "high",
                                      [ALERT_CRITICAL] = "critical",
                                      [ALERT_SINE] = "sine"};
  return words[state];
}
