#include "spl_events.h"

#include <stddef.h>

uint32_t spl_take_time(spl_t *spl, uint32_t sample) {
  return spl_alert_time(&spl->alerts, sample) ? SPL_EVENT_ALERT | SPL_EVENT_SILENCE : 0u;
}

uint32_t spl_take_beat(spl_t *spl, const spl_beat_t *beat) {
  uint32_t events = spl_take_time(spl, beat->r_sample);
  return events | (spl_alert_beat(&spl->alerts, beat) ? SPL_EVENT_ALERT : 0u);
}

uint32_t spl_take_answer(spl_t *spl, int32_t value, spl_estimate_t *estimate) {
  const int32_t calibrated = value + spl->alerts.offset;
  if (estimate->status == SPL_OK && !(spl_is_plausible(value) && spl_is_plausible(calibrated))) {
    estimate->status = SPL_ERROR_IMPLAUSIBLE;
  }
  const bool is_estimate = estimate->status == SPL_OK;
  const int32_t answer = is_estimate ? value : SPL_NO_VALUE;
  estimate->SPL_VALUE = is_estimate ? calibrated : SPL_NO_VALUE;
#if SPL_HAS_INTERVAL
  estimate->low_ueq_l = estimate->high_ueq_l = SPL_NO_VALUE;
  (void)spl_interval(estimate->SPL_VALUE, &estimate->low_ueq_l, &estimate->high_ueq_l);
#endif
  const bool changed = spl_alert_answer(&spl->alerts, estimate->r_sample, answer);
  estimate->alert = spl->alerts.state;
  return (is_estimate ? SPL_EVENT_ESTIMATE : SPL_EVENT_NO_ESTIMATE) |
         (changed ? SPL_EVENT_ALERT : 0u);
}

static int32_t held_to_range(int32_t value) {
  if (value < SPL_PLAUSIBLE_LOW) {
    return SPL_PLAUSIBLE_LOW;
  }
  return value > SPL_PLAUSIBLE_HIGH ? SPL_PLAUSIBLE_HIGH : value;
}

bool spl_interval(int32_t value, int32_t *low, int32_t *high) {
  if (!SPL_HAS_INTERVAL || low == NULL || high == NULL || !spl_is_plausible(value)) {
    return false;
  }
  *low = held_to_range(value + SPL_INTERVAL_LOW);
  *high = held_to_range(value + SPL_INTERVAL_HIGH);
  return true;
}

spl_alert_t spl_alert(const spl_t *spl) {
  return spl == NULL ? SPL_ALERT_NONE : spl->alerts.state;
}

uint32_t spl_alert_since(const spl_t *spl) {
  return spl == NULL ? 0u : spl->alerts.changed_at;
}

uint32_t spl_silent_since(const spl_t *spl) {
  return spl == NULL ? 0u : spl->alerts.silent_at;
}

bool spl_latest(const spl_t *spl, int32_t *value) {
  return spl != NULL && value != NULL && spl_alert_latest(&spl->alerts, value);
}

#if SPL_TASK == SPL_TASK_POTASSIUM
bool spl_mean(const spl_t *spl, int32_t *spl_ueq_l) {
  return spl != NULL && spl_ueq_l != NULL && spl_alert_mean(&spl->alerts, spl_ueq_l);
}

bool spl_levels_are_sane(int32_t offset, int32_t high, int32_t critical) {
  return offset >= -SPL_MAX_OFFSET && offset <= SPL_MAX_OFFSET && high >= SPL_MIN_LEVEL &&
         high <= SPL_MAX_LEVEL && critical <= SPL_MAX_LEVEL &&
         critical >= high + SPL_ALERT_HYSTERESIS;
}

spl_status_t spl_set_levels(spl_t *spl, int32_t offset, int32_t high, int32_t critical) {
  if (spl == NULL) {
    return SPL_ERROR_NULL;
  }
  if (!spl_levels_are_sane(offset, high, critical)) {
    return SPL_ERROR_RANGE;
  }
  spl->alerts.offset = offset;
  spl->alerts.high = high;
  spl->alerts.critical = critical;
  return SPL_OK;
}
#endif
