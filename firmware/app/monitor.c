#include "monitor.h"

#include <stddef.h>

#include "advert.h"
#include "app_config.h"
#include "line.h"
#include "outputs.h"
#include "settings.h"
#include "trace.h"
#include "verdict_words.h"

#define MS_PER_S 1000u

static spl_t spl;
static alerts_t alerts;
static uint32_t samples;
static bool replaying;
static int32_t estimate; /* the model's last one */

static uint32_t to_ms(uint32_t count) {
  return (count * MS_PER_S + BOARD_FS_HZ / 2u) / BOARD_FS_HZ;
}

static int32_t to_uv(int32_t counts) {
  return (int32_t)(((int64_t)counts * APP_UV_PER_COUNT_Q16 + (1 << 15)) >> 16);
}

static void advertise(void) {
  int32_t calibrated;
  bool known = monitor_estimate(&calibrated);
  advert_update(alerts.state, known ? &calibrated : NULL, replaying);
}

static void report_alert(void) {
  line_begin('A');
  line_unsigned(alerts.changed_at);
  line_word(alert_word(alerts.state));
  line_send();
  advertise();
}

static void report_beat(const spl_beat_t *beat) {
  line_begin('B');
  line_unsigned(beat->r_sample);
  line_unsigned(to_ms(beat->rr_samples));
  line_signed(to_uv(beat->amplitude));
  line_word(verdict_word(beat->verdict));
  line_send();
}

static void report_estimate(const spl_estimate_t *fresh) {
  int32_t calibrated = fresh->spl_ueq_l + settings_now()->offset;
  line_begin('K');
  line_unsigned(fresh->r_sample);
  line_signed(calibrated);
  if (APP_HAS_INTERVAL) {
    line_signed(calibrated + APP_INTERVAL_LOW_UEQ);
    line_signed(calibrated + APP_INTERVAL_HIGH_UEQ);
  } else {
    line_word("-");
    line_word("-");
  }
  line_signed(fresh->output);
  line_word(alert_word(alerts.state));
  line_send();
}

static void take_beat(const spl_beat_t *beat) {
  if (alert_time(&alerts, beat->r_sample)) {
    report_alert();
  }
  report_beat(beat);
  if (alert_beat(&alerts, beat, to_uv(beat->amplitude))) {
    report_alert();
  }
}

static void take_estimate(const spl_estimate_t *fresh) {
  bool changed = alert_estimate(&alerts, fresh, settings_now());
  estimate = fresh->spl_ueq_l;
  report_estimate(fresh);
  if (changed) {
    report_alert();
  } else {
    advertise();
  }
}

void monitor_start(bool replay) {
  replaying = replay;
  samples = 0;
  alert_init(&alerts);
  spl_status_t status = spl_init(&spl);
  if (status != SPL_OK) {
    line_begin('E');
    line_word("init");
    line_signed(status);
    line_send();
  }
  advertise();
}

void monitor_push(int16_t sample) {
  spl_beat_t beat;
  spl_estimate_t fresh;
  uint32_t events = spl_push(&spl, sample, &beat, &fresh);
  if ((events & SPL_EVENT_BEAT) != 0u) {
    take_beat(&beat);
  }
  if ((events & SPL_EVENT_ESTIMATE) != 0u) {
    take_estimate(&fresh);
  }
  if (samples >= ALERT_REPORTED_S * BOARD_FS_HZ &&
      alert_time(&alerts, samples - ALERT_REPORTED_S * BOARD_FS_HZ)) {
    report_alert();
  }
  trace_push(sample, samples);
  samples++;
}

spl_status_t monitor_self_test(void) {
  return spl_self_test(&spl.model);
}

alert_t monitor_alert(void) {
  return alerts.state;
}

bool monitor_mean(int32_t *spl_ueq_l) {
  return alert_mean(&alerts, spl_ueq_l);
}

bool monitor_estimate(int32_t *spl_ueq_l) {
  *spl_ueq_l = estimate + settings_now()->offset;
  return alerts.count > 0u;
}
