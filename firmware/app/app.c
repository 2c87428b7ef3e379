#include "app.h"

#include <stddef.h>

#include "alarms.h"
#include "app_config.h"
#include "board.h"
#include "calendar.h"
#include "commands.h"
#include "last_run.h"
#include "line.h"
#include "monitor.h"
#include "outputs.h"
#include "receiver.h"
#include "replay.h"
#include "session.h"
#include "settings.h"
#include "spl.h"

#if BOARD_FS_HZ != SPL_FS_HZ
#error the board samples at another rate than the front end was made for
#endif

/* Answers take at most half of the wire: a start and a stop bit with each of 8, and the longest
 * answer at every command. */
#define BITS_OF_AN_ANSWER (LINE_SIZE * 10u)
#define COMMAND_SAMPLES (2u * BITS_OF_AN_ANSWER * BOARD_FS_HZ / BOARD_UART_BAUD + 1u)

/* 0.3 V before settings are stored no more (2.1 V on Nordic's chips). */
#define BATTERY_LOW_MV 2400u
#define BATTERY_HYSTERESIS_MV 100u

/* A contact that bounces is no press. */
#define PRESS_SAMPLES (BOARD_FS_HZ / 20u)

static uint32_t lost_reported;
static uint32_t lost_wait; /* samples until more lost ones may be reported */
static uint32_t deaf_samples; /* until the next command is listened to */

static void report_count(const char *word, uint32_t count) {
  line_begin('E');
  line_word(word);
  line_unsigned(count);
  line_send();
}

static void report_last_run(void) {
  static const char *const words[] = {[RUN_FAULT] = "fault",
                                      [RUN_WATCHDOG] = "watchdog",
                                      [RUN_LOCKUP] = "lockup",
                                      [RUN_BROWNOUT] = "brownout",
                                      [RUN_CRYSTAL] = "crystal"};
  uint32_t pc;
  last_run_t how = last_run_take(&pc);
  if (how != RUN_NORMAL) {
    report_count(words[how], pc);
  }
  if (last_run_failures() >= LAST_RUN_SAFE) {
    report_count("safe", last_run_failures());
    monitor_stand_by();
  }
  if (how == RUN_CRYSTAL && (pc & RUN_CRYSTAL_OF_SAMPLES) != 0u) {
    monitor_stand_by();
  }
}

static void report_self_test(void) {
  spl_status_t status = monitor_self_test();
  if (status != SPL_OK) {
    line_error("selftest", status);
  }
}

void app_init(void) {
  line_send_text("# " APP_NAME " task=" SPL_TASK_NAME APP_LEAD " " APP_MODEL
                 "; for research, not a medical device");
  report_last_run();
  uint32_t dropped;
  if (!settings_load(&dropped)) {
    report_count("settings", 0);
  }
  if (dropped > 0u) {
    report_count("calibration", dropped);
  }
  calendar_start();
  alarms_init();
  report_self_test();
  monitor_start(false);
}

/* 0 mV is no measurement. */
static void watch_battery(void) {
  static bool is_low;
  const uint32_t supply_mv = BOARD_CAN_MEASURE_BATTERY ? board_battery_mv() : 0u;
  if (supply_mv != 0u &&
      is_low != (supply_mv < BATTERY_LOW_MV + (is_low ? BATTERY_HYSTERESIS_MV : 0u))) {
    is_low = !is_low;
    alarms_set(ALARM_BATTERY, is_low, monitor_samples());
  }
}

/* Once a press: a button that is stuck acknowledges nothing more, and confirms nothing more. */
static void watch_button(void) {
  static uint32_t pressed;
  const bool is_pressed = BOARD_CAN_ACKNOWLEDGE && board_acknowledges();
  pressed = is_pressed ? pressed + 1u : 0u;
  if (pressed == PRESS_SAMPLES) {
    (void)alarms_acknowledge(monitor_samples());
  }
  session_tick(is_pressed);
}

/* Once a run. */
static void watch_run(void) {
  static uint32_t lasted;
  if (lasted < LAST_RUN_GOOD_S * BOARD_FS_HZ) {
    lasted++;
    if (lasted == LAST_RUN_GOOD_S * BOARD_FS_HZ) {
      last_run_has_lasted();
    }
  }
}

void app_push(int16_t sample) {
  deaf_samples -= deaf_samples > 0u ? 1u : 0u;
  lost_wait -= lost_wait > 0u ? 1u : 0u;
  if (calendar_tick()) {
    monitor_take_settings();
  }
  if (replay_is_on()) {
    replay_tick();
  } else {
    monitor_push(sample);
  }
  watch_battery();
  watch_button();
  watch_run();
  outputs_tick(spl_alert(monitor_stream()));
}

void app_lost(uint32_t lost_since_reset) {
  if (lost_since_reset != lost_reported && lost_wait == 0u) {
    lost_reported = lost_since_reset;
    lost_wait = BOARD_FS_HZ;
    report_count("lost", lost_since_reset);
  }
}

bool app_listens(void) {
  return deaf_samples == 0u;
}

void app_receive(char letter) {
  const char *command = receiver_take(letter);
  if (command != NULL) {
    commands_run(command);
    deaf_samples = COMMAND_SAMPLES;
  }
}
