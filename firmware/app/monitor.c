#include "monitor.h"

#include <stddef.h>

#include "advert.h"
#include "alarms.h"
#include "app_config.h"
#include "line.h"
#include "settings.h"
#include "trace.h"
#include "verdict_words.h"

#define MS_PER_S 1000u

typedef char assume_one_rate[SPL_FS_HZ == BOARD_FS_HZ ? 1 : -1];

static spl_t spl;
static uint32_t samples;
static bool replaying;
static bool is_fit; /* the self-test was passed, and nothing speaks against estimates */
static bool stands_by;

static uint32_t to_ms(uint32_t count) {
  return (count * MS_PER_S + BOARD_FS_HZ / 2u) / BOARD_FS_HZ;
}

static void report_alert(uint32_t sample, spl_alert_t alert) {
  alarms_time(sample);
  line_begin('A');
  line_unsigned(sample);
  line_word(spl_alert_word(alert));
  line_send();
  alarms_alert(alert, sample);
}

static void report_beat(const spl_beat_t *beat) {
  alarms_time(beat->r_sample);
  line_begin('B');
  line_unsigned(beat->r_sample);
  line_unsigned(to_ms(beat->rr_samples));
  line_signed(spl_microvolts(beat->amplitude));
  line_word(verdict_word(beat->verdict));
  line_send();
}

/* Each task has a kind of line of its own, so that none is taken for another. */
static void report_estimate(const spl_estimate_t *fresh) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  line_begin('K');
  line_unsigned(fresh->r_sample);
  line_signed(fresh->SPL_VALUE);
#if SPL_HAS_INTERVAL
  line_signed(fresh->low_ueq_l);
  line_signed(fresh->high_ueq_l);
#else
  line_word("- -");
#endif
#if SPL_HAS_SPREAD
  line_joined(fresh->outputs, SPL_OUTPUT_SIZE);
#else
  line_signed(fresh->outputs[0]);
#endif
  line_word(spl_alert_word(fresh->alert));
#if SPL_HAS_SPREAD
  line_signed(fresh->risk_high_permille);
  line_signed(fresh->risk_critical_permille);
#endif
#if SPL_LEAST_CYCLES < SPL_MOST_CYCLES
  line_unsigned(fresh->cycles);
#endif
#elif SPL_TASK == SPL_TASK_PROBABILITY
  line_begin('P');
  line_unsigned(fresh->r_sample);
  line_signed(fresh->SPL_VALUE);
  line_unsigned(SPL_POSITIVE_UEQ_L);
  line_signed(fresh->outputs[0]);
  line_word(spl_alert_word(fresh->alert));
#else
  line_begin('V');
  line_unsigned(fresh->r_sample);
  line_signed(fresh->SPL_VALUE);
  line_signed(fresh->outputs[0]);
  line_word(SPL_UNIT);
#endif
  line_send();
}

static void report_no_estimate(const spl_estimate_t *fresh) {
#if SPL_HAS_DISTANCE
  if (fresh->status == SPL_ERROR_UNLIKE) {
    line_error("unlike", (int32_t)fresh->distance_percent);
    return;
  }
#endif
  if (fresh->status == SPL_ERROR_IMPLAUSIBLE) {
    line_error("implausible", fresh->outputs[SPL_MEDIAN]);
  } else {
    line_error("inference", fresh->status);
  }
}

void monitor_take_settings(void) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  const settings_t *now = settings_now();
  spl_status_t status = spl_set_levels(&spl, now->high, now->critical);
  if (status != SPL_OK) {
    line_error("levels", status);
  }
  status = spl_calibrate(&spl, now->tests, now->count, now->day);
  if (status != SPL_OK) {
    line_error("calibration", status);
  }
#endif
}

void monitor_advertise(void) {
  advert_update(&spl, replaying);
}

void monitor_start(bool replay) {
  replaying = replay;
  samples = 0;
  spl_status_t status = spl_init(&spl);
  if (status != SPL_OK) {
    line_error("init", status);
  }
  monitor_take_settings();
  alarms_start(!replay);
  monitor_advertise();
}

static uint32_t analyse(int16_t sample) {
  spl_beat_t beat;
  spl_estimate_t fresh;
  uint32_t events = spl_push(&spl, sample, &beat, &fresh);
  bool silence = (events & SPL_EVENT_SILENCE) != 0u;
  if (silence) {
    report_alert(spl_silent_since(&spl), SPL_ALERT_NONE);
  }
  if ((events & SPL_EVENT_BEAT) != 0u) {
    report_beat(&beat);
  }
  if ((events & SPL_EVENT_ESTIMATE) != 0u) {
    report_estimate(&fresh);
  }
  if ((events & SPL_EVENT_NO_ESTIMATE) != 0u) {
    report_no_estimate(&fresh);
  }
  if ((events & SPL_EVENT_ALERT) != 0u && !(silence && spl_alert(&spl) == SPL_ALERT_NONE)) {
    report_alert(spl_alert_since(&spl), spl_alert(&spl));
  }
  return events;
}

void monitor_push(int16_t sample) {
  uint32_t events = is_fit ? analyse(sample) : 0u;
  alarms_time(samples - SPL_ALERT_REPORTED_S * SPL_FS_HZ);
  const bool is_due = advert_tick();
  if (is_due || (events & (SPL_EVENT_ESTIMATE | SPL_EVENT_NO_ESTIMATE | SPL_EVENT_ALERT)) != 0u ||
      alarms_take_change()) {
    monitor_advertise();
  }
  trace_push(sample, samples);
  samples++;
}

void monitor_stand_by(void) {
  stands_by = true;
}

spl_status_t monitor_self_test(void) {
  spl_status_t status = spl_self_test_all(&spl);
  const bool was_fit = is_fit;
  is_fit = status == SPL_OK && !stands_by;
  if (was_fit && !is_fit) {
    monitor_start(replaying);
  }
  alarms_set(ALARM_DEVICE, !is_fit, samples);
  return status;
}

uint32_t monitor_samples(void) {
  return samples;
}

const spl_t *monitor_stream(void) {
  return &spl;
}
