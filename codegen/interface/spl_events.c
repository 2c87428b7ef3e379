#include "spl_events.h"

#include <stddef.h>

#include "spl_spread.h"

uint32_t spl_take_time(spl_t *spl, uint32_t sample) {
  return spl_alert_time(&spl->alerts, sample) ? SPL_EVENT_ALERT | SPL_EVENT_SILENCE : 0u;
}

uint32_t spl_take_beat(spl_t *spl, const spl_beat_t *beat) {
  uint32_t events = spl_take_time(spl, beat->r_sample);
  return events | (spl_alert_beat(&spl->alerts, beat) ? SPL_EVENT_ALERT : 0u);
}

uint32_t spl_take_answer(spl_t *spl, int32_t answer[SPL_QUANTILES], spl_estimate_t *estimate) {
  const int32_t value = answer[SPL_MEDIAN];
  const int32_t calibrated = spl_curve_value(&spl->alerts.curve, value);
  if (estimate->status == SPL_OK && !(spl_is_plausible(value) && spl_is_plausible(calibrated))) {
    estimate->status = SPL_ERROR_IMPLAUSIBLE;
  }
  const bool is_estimate = estimate->status == SPL_OK;
  answer[SPL_MEDIAN] = is_estimate ? value : SPL_NO_VALUE;
  estimate->SPL_VALUE = is_estimate ? calibrated : SPL_NO_VALUE;
  const bool changed = spl_alert_answer(&spl->alerts, estimate->r_sample, answer, estimate->grown);
#if SPL_HAS_INTERVAL
  estimate->low_ueq_l = SPL_NO_VALUE;
  estimate->high_ueq_l = SPL_NO_VALUE;
  (void)spl_interval(spl, estimate->SPL_VALUE, &estimate->low_ueq_l, &estimate->high_ueq_l);
#endif
#if SPL_HAS_SPREAD
  estimate->risk_high_permille = SPL_NO_VALUE;
  estimate->risk_critical_permille = SPL_NO_VALUE;
  if (is_estimate) {
    const spl_alerts_t *alerts = &spl->alerts;
    estimate->risk_high_permille = spl_spread_risk(&alerts->curve, answer, alerts->high);
    estimate->risk_critical_permille = spl_spread_risk(&alerts->curve, answer, alerts->critical);
  }
#endif
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

/* How far the ends of the interval lie from the estimate, without calibration. */
#if SPL_HAS_SPREAD
#define BELOW(alerts) ((alerts).answers[0][0] - (alerts).answers[0][SPL_MEDIAN])
#define ABOVE(alerts) ((alerts).answers[0][SPL_QUANTILES - 1u] - (alerts).answers[0][SPL_MEDIAN])
#else
#define BELOW(alerts) SPL_INTERVAL_LOW
#define ABOVE(alerts) SPL_INTERVAL_HIGH
#endif

bool spl_interval(const spl_t *spl, int32_t value, int32_t *low, int32_t *high) {
#if SPL_HAS_SPREAD
  /* Quantiles are kept of the last estimate alone. */
  int32_t latest;
  if (low == NULL || high == NULL || !spl_latest(spl, &latest) || value != latest) {
    return false;
  }
#else
  if (!SPL_HAS_INTERVAL || spl == NULL || low == NULL || high == NULL || !spl_is_plausible(value)) {
    return false;
  }
#endif
  const int32_t spread = spl->alerts.curve.spread;
  *low = held_to_range(value + spl_curve_end(BELOW(spl->alerts), spread));
  *high = held_to_range(value + spl_curve_end(ABOVE(spl->alerts), spread));
  return true;
}

#if SPL_HAS_SPREAD
int32_t spl_risk(const spl_t *spl, int32_t level) {
  int32_t value;
  if (!spl_latest(spl, &value)) {
    return SPL_NO_VALUE;
  }
  return spl_spread_risk(&spl->alerts.curve, spl->alerts.answers[0], level);
}
#endif

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

static spl_status_t curve_of(const spl_blood_test_t *tests, uint32_t count, uint16_t day,
                             spl_curve_t *curve) {
  if (count > 0u && tests == NULL) {
    return SPL_ERROR_NULL;
  }
  if (count > (SPL_HAS_PERSONAL ? SPL_MAX_TESTS : 0u)) {
    return SPL_ERROR_RANGE;
  }
  for (uint32_t i = 0; i < count; i++) {
    const uint16_t next = i + 1u < count ? tests[i + 1u].day : day;
    if (tests[i].day > next || !spl_is_plausible(tests[i].estimate_ueq_l)) {
      return SPL_ERROR_RANGE;
    }
  }
#if SPL_HAS_PERSONAL
  if (!spl_curve_of_tests(tests, count, day, curve)) {
    return SPL_ERROR_SURPRISE;
  }
#else
  *curve = spl_curve_as_it_is;
#endif
  return SPL_OK;
}

spl_status_t spl_check_tests(const spl_blood_test_t *tests, uint32_t count, uint16_t day) {
  spl_curve_t curve;
  return curve_of(tests, count, day, &curve);
}

spl_status_t spl_calibrate(spl_t *spl, const spl_blood_test_t *tests, uint32_t count,
                           uint16_t day) {
  spl_curve_t curve;
  if (spl == NULL) {
    return SPL_ERROR_NULL;
  }
  const spl_status_t status = curve_of(tests, count, day, &curve);
  if (status == SPL_OK) {
    spl->alerts.curve = curve;
  }
  return status;
}

bool spl_change(const spl_t *spl, int32_t blood_ueq_l, int32_t *change, int32_t *low,
                int32_t *high) {
  int32_t value;
  if (!SPL_HAS_INTERVAL || change == NULL || low == NULL || high == NULL ||
      !spl_latest(spl, &value)) {
    return false;
  }
  const int32_t spread = spl->alerts.curve.change_spread;
  *change = value - blood_ueq_l;
  *low = *change + spl_curve_end(BELOW(spl->alerts), spread);
  *high = *change + spl_curve_end(ABOVE(spl->alerts), spread);
  return true;
}

bool spl_levels_are_sane(int32_t high, int32_t critical) {
  return high >= SPL_MIN_LEVEL && high <= SPL_MAX_LEVEL && critical <= SPL_MAX_LEVEL &&
         critical >= high + SPL_ALERT_HYSTERESIS;
}

spl_status_t spl_set_levels(spl_t *spl, int32_t high, int32_t critical) {
  if (spl == NULL) {
    return SPL_ERROR_NULL;
  }
  if (!spl_levels_are_sane(high, critical)) {
    return SPL_ERROR_RANGE;
  }
  spl->alerts.high = high;
  spl->alerts.critical = critical;
  return SPL_OK;
}
#endif
