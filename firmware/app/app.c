#include "app.h"

#include "app_config.h"
#include "board.h"
#include "last_run.h"
#include "line.h"
#include "spl.h"
#include "verdict_words.h"

#define MS_PER_S 1000u

static spl_t spl;
static uint32_t lost_reported;

static uint32_t to_ms(uint32_t samples) {
  return (samples * MS_PER_S + BOARD_FS_HZ / 2u) / BOARD_FS_HZ;
}

static int32_t to_uv(int32_t counts) {
  return (int32_t)(((int64_t)counts * APP_UV_PER_COUNT_Q16 + (1 << 15)) >> 16);
}

static void report_fault(const char *word, uint32_t count) {
  line_t line;
  line_begin(&line, 'E');
  line_word(&line, word);
  line_unsigned(&line, count);
  line_send(&line);
}

static void report_last_run(void) {
  static const char *const words[] = {[RUN_FAULT] = "fault",
                                      [RUN_WATCHDOG] = "watchdog",
                                      [RUN_LOCKUP] = "lockup",
                                      [RUN_BROWNOUT] = "brownout"};
  uint32_t pc;
  last_run_t how = last_run_take(&pc);
  if (how != RUN_NORMAL) {
    report_fault(words[how], pc);
  }
}

static void report_beat(const spl_beat_t *beat) {
  line_t line;
  line_begin(&line, 'B');
  line_unsigned(&line, beat->r_sample);
  line_unsigned(&line, to_ms(beat->rr_samples));
  line_signed(&line, to_uv(beat->amplitude));
  line_word(&line, verdict_word(beat->verdict));
  line_send(&line);
}

static void report_estimate(const spl_estimate_t *estimate) {
  line_t line;
  line_begin(&line, 'K');
  line_unsigned(&line, estimate->r_sample);
  line_signed(&line, estimate->spl_ueq_l);
  line_signed(&line, estimate->output);
  line_send(&line);
}

static void report_status(const char *word, spl_status_t status) {
  if (status != SPL_OK) {
    line_t line;
    line_begin(&line, 'E');
    line_word(&line, word);
    line_signed(&line, status);
    line_send(&line);
  }
}

void app_init(void) {
  static const char banner[] = "# " APP_NAME " " APP_MODEL "; for research, not a medical device\n";
  board_write(banner, sizeof banner - 1u);
  report_last_run();
  report_status("selftest", spl_self_test(&spl.model));
  report_status("init", spl_init(&spl));
}

void app_push(int16_t sample) {
  spl_beat_t beat;
  spl_estimate_t estimate;
  uint32_t events = spl_push(&spl, sample, &beat, &estimate);
  if ((events & SPL_EVENT_BEAT) != 0u) {
    report_beat(&beat);
  }
  if ((events & SPL_EVENT_ESTIMATE) != 0u) {
    report_estimate(&estimate);
  }
}

void app_lost(uint32_t lost_since_reset) {
  if (lost_since_reset != lost_reported) {
    lost_reported = lost_since_reset;
    report_fault("lost", lost_since_reset);
  }
}
