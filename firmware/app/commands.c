#include "commands.h"

#include "alarms.h"
#include "answers.h"
#include "board.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"
#include "owner.h"
#include "patient.h"
#include "receiver.h"
#include "replay.h"
#include "sample_ring.h"
#include "session.h"
#include "settings.h"
#include "trace.h"

typedef enum {
  STATUS,
  REPLAY,
  TRACE,
  SELFTEST,
  CHANGE,
  CALIBRATE,
  ALERT,
  DAY,
  ALARMS_ON,
  ACKNOWLEDGE,
  PAUSE,
  PROVISION,
  SESSION,
  BROADCAST,
  COMMANDS,
} command_t;

/* Whether the command is signed, or the button confirms it. */
static bool is_allowed;

/* What calibration adds to a usual estimate, and where alerts begin. */
static void add_levels(void) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  const settings_t *now = settings_now();
#if SPL_HAS_PERSONAL
  line_signed(spl_curve_value(&monitor_stream()->alerts.curve, SPL_PERSONAL_USUAL) -
              SPL_PERSONAL_USUAL);
#else
  line_unsigned(0);
#endif
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

static reason_t answer_status(void) {
  int32_t value;
  answer_begin("status", true);
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
  line_unsigned(settings_now()->count);
  line_signed(monitor_stream()->alerts.curve.sd);
  line_unsigned(settings_now()->day);
  line_send();
  return ANSWERED;
}

/* What a command makes of a copy of the settings. */
static reason_t edit(command_t command, const char **text, settings_t *settings) {
  switch (command) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  case CALIBRATE:
    return patient_take_test(text, settings);
  case ALERT:
    return patient_take_levels(text, settings);
  case DAY:
    return patient_take_day(text, settings);
#endif
  case BROADCAST:
    return owner_broadcast(text, settings);
  default:
    return UNSUPPORTED;
  }
}

static reason_t set(command_t command, const char **text) {
  settings_t settings = *settings_now();
  if (!BOARD_CAN_STORE) {
    return UNSUPPORTED;
  }
  const reason_t reason = edit(command, text, &settings);
  if (reason != NULL) {
    return reason;
  }
  if (!session_may_store()) {
    return OFTEN;
  }
  if (!settings_store(&settings)) {
    return STORAGE;
  }
  monitor_take_settings();
  monitor_advertise();
  return NULL;
}

static reason_t test(void) {
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
  if (starts && !is_allowed) {
    return LOCKED;
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

/* Of a patient: they outlast a replay. */
static reason_t list_alarms(void) {
  answer_begin("alarms", true);
  alarms_list();
  line_send();
  return ANSWERED;
}

static reason_t run(command_t command, const char **text) {
  switch (command) {
  case STATUS:
    return answer_status();
  case REPLAY:
    return replay(text);
  case TRACE:
    return set_trace(text);
  case SELFTEST:
    return test();
#if SPL_TASK == SPL_TASK_POTASSIUM
  case CHANGE:
    return patient_answer_change();
#endif
  case ALARMS_ON:
    return list_alarms();
  case ACKNOWLEDGE:
    return alarms_acknowledge(monitor_samples()) ? NULL : NOTHING;
  case PAUSE:
    return alarms_pause(monitor_samples()) ? NULL : NOTHING;
  case PROVISION:
    return owner_provision(text, is_allowed);
  case SESSION:
    return owner_open_session();
  default:
    return set(command, text);
  }
}

/* `! SIGNATURE COMMAND`: leaves the command, and says whether it is signed. */
static bool take_signature(const char **text) {
  uint8_t signature[SESSION_SIGNATURE_BYTES];
  return fields_bytes(text, signature, sizeof signature) && session_takes(signature, *text);
}

void commands_run(const char *text) {
  static const struct {
    const char *word;
    bool has_arguments;
    bool is_of_patient; /* not while replaying */
    bool changes; /* only signed, or confirmed by the button */
  } commands[COMMANDS] = {
      [STATUS] = {"status", false, false, false},
      [REPLAY] = {"replay", true, false, false},
      [TRACE] = {"trace", true, false, false},
      [SELFTEST] = {"selftest", false, false, false},
      [CHANGE] = {"change", false, false, false},
      [CALIBRATE] = {"calibrate", true, true, true},
      [ALERT] = {"alert", true, true, true},
      [DAY] = {"day", true, true, true},
      [ALARMS_ON] = {"alarms", false, false, false},
      [ACKNOWLEDGE] = {"acknowledge", false, false, true},
      [PAUSE] = {"pause", false, false, true},
      [PROVISION] = {"provision", true, false, false},
      [SESSION] = {"session", false, false, false},
      [BROADCAST] = {"broadcast", true, false, true},
  };
  is_allowed = session_is_confirmed();
  if (fields_word(&text, "!")) {
    if (!take_signature(&text)) {
      answer("!", SIGNATURE);
      return;
    }
    is_allowed = true;
  }
  uint32_t command = 0;
  while (command < COMMANDS && !fields_word(&text, commands[command].word)) {
    command++;
  }
  if (command == COMMANDS) {
    answer("?", UNKNOWN);
    return;
  }
  reason_t reason;
  if (!commands[command].has_arguments && !fields_end(text)) {
    reason = ARGUMENT;
  } else if (commands[command].changes && !is_allowed) {
    reason = LOCKED;
  } else if (commands[command].is_of_patient && replay_is_on()) {
    reason = STATE;
  } else {
    reason = run((command_t)command, &text);
  }
  if (reason != ANSWERED) {
    answer(commands[command].word, reason);
  }
}
