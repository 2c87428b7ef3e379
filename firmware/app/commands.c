#include "commands.h"

#include <stddef.h>

#include "board.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"
#include "receiver.h"
#include "replay.h"
#include "sample_ring.h"
#include "settings.h"
#include "trace.h"

/* A blood test's potassium, ueq/L: beyond, the patient would not be one, or the number is a slip. */
#define BLOOD_MIN 1500
#define BLOOD_MAX 10000

/* Why a command was not carried out; NULL where it was. */
typedef const char *reason_t;

#define ARGUMENT "argument" /* not what the command takes */
#define RANGE "range" /* a number out of its bounds */
#define STATE "state" /* not while replaying, or only then */
#define STALE "stale" /* no estimates to calibrate with */
#define IMPLAUSIBLE "implausible" /* blood and estimates too far apart */
#define UNSUPPORTED "unsupported" /* no flash for settings, or not with this model */
#define STORAGE "storage" /* the flash did not take it */
#define UNKNOWN "unknown" /* no such command */

static void begin_answer(const char *command, bool ok) {
  line_begin('R');
  line_word(command);
  line_word(ok ? "ok" : "error");
}

static void answer(const char *command, reason_t reason) {
  begin_answer(command, reason == NULL);
  if (reason != NULL) {
    line_word(reason);
  }
  line_send();
}

/* What is added to estimates, and where alerts begin. */
static void add_levels(void) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  const settings_t *now = settings_now();
  line_signed(now->offset);
  line_signed(now->high);
  line_signed(now->critical);
#elif SPL_TASK == SPL_TASK_PROBABILITY
  line_word("-");
  line_signed(SPL_ALERT_HIGH_LEVEL);
  line_word("-");
#else
  line_word("- - -");
#endif
}

static void answer_status(void) {
  int32_t value;
  begin_answer("status", true);
  line_word(replay_is_on() ? "replay" : "live");
  line_word(spl_alert_word(spl_alert(monitor_stream())));
  if (spl_latest(monitor_stream(), &value)) {
    line_signed(value);
  } else {
    line_word("-");
  }
  add_levels();
  line_unsigned(sample_ring_lost());
  line_unsigned(receiver_bad_lines());
  line_unsigned(BOARD_CAN_MEASURE_BATTERY ? board_battery_mv() : 0u);
  line_word(SPL_TASK_NAME);
  line_send();
}

#if SPL_TASK == SPL_TASK_POTASSIUM
static reason_t store(const settings_t *settings) {
  if (!SETTINGS_CAN_STORE) {
    return UNSUPPORTED;
  }
  if (!settings_store(settings)) {
    return STORAGE;
  }
  monitor_take_settings();
  return NULL;
}

/* `SPL`, or `off`. */
static reason_t read_blood_test(const char **text, settings_t *settings) {
  int32_t blood;
  int32_t mean;
  if (fields_word(text, "off") && fields_end(*text)) {
    settings->offset = 0;
    return NULL;
  }
  if (!fields_number(text, &blood) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (blood < BLOOD_MIN || blood > BLOOD_MAX) {
    return RANGE;
  }
  if (!spl_mean(monitor_stream(), &mean)) {
    return STALE;
  }
  settings->offset = blood - mean;
  return settings_are_sane(settings) ? NULL : IMPLAUSIBLE;
}

/* `HIGH CRITICAL`. */
static reason_t read_levels(const char **text, settings_t *settings) {
  if (!fields_number(text, &settings->high) || !fields_number(text, &settings->critical) ||
      !fields_end(*text)) {
    return ARGUMENT;
  }
  return settings_are_sane(settings) ? NULL : RANGE;
}

/* `calibrate` and `alert`. */
static reason_t set(const char **text, bool calibrates) {
  settings_t settings = *settings_now();
  reason_t reason = calibrates ? read_blood_test(text, &settings) : read_levels(text, &settings);
  return reason == NULL ? store(&settings) : reason;
}
#else
/* Both are of potassium. */
static reason_t set(const char **text, bool calibrates) {
  (void)text;
  (void)calibrates;
  return UNSUPPORTED;
}
#endif

static reason_t test(const char **text) {
  if (!fields_end(*text)) {
    return ARGUMENT;
  }
  switch (monitor_self_test()) {
  case SPL_OK:
    return NULL;
  case SPL_ERROR_CONSTANTS:
    return "constants";
  default:
    return "inference";
  }
}

static reason_t set_trace(const char **text) {
  bool on = fields_word(text, "on");
  if ((!on && !fields_word(text, "off")) || !fields_end(*text)) {
    return ARGUMENT;
  }
  trace_set(on);
  return NULL;
}

static reason_t replay(const char **text) {
  bool starts = fields_word(text, "start");
  bool ends = !starts && fields_word(text, "end");
  if ((starts || ends) && !fields_end(*text)) {
    return ARGUMENT;
  }
  if (replay_is_on() == starts) {
    return STATE;
  }
  if (starts) {
    replay_start();
  } else if (ends) {
    replay_end();
  } else if (!replay_feed(*text)) {
    return ARGUMENT;
  }
  return NULL;
}

void commands_run(const char *text) {
  if (fields_word(&text, "status")) {
    if (fields_end(text)) {
      answer_status();
    } else {
      answer("status", ARGUMENT);
    }
  } else if (fields_word(&text, "replay")) {
    answer("replay", replay(&text));
  } else if (fields_word(&text, "trace")) {
    answer("trace", set_trace(&text));
  } else if (fields_word(&text, "selftest")) {
    answer("selftest", test(&text));
  } else {
    bool calibrates = fields_word(&text, "calibrate");
    if (calibrates || fields_word(&text, "alert")) {
      answer(calibrates ? "calibrate" : "alert", replay_is_on() ? STATE : set(&text, calibrates));
    } else {
      answer("?", UNKNOWN);
    }
  }
}
