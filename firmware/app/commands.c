#include "commands.h"

#include <stddef.h>

#include "advert.h"
#include "alarms.h"
#include "board.h"
#include "calendar.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"
#include "receiver.h"
#include "replay.h"
#include "sample_ring.h"
#include "session.h"
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
#define STALE "stale" /* no estimates of then, or no blood test */
#define FUTURE "future" /* a blood test of a day to come */
#define DOUBLED "doubled" /* the same blood test again */
#define IMPLAUSIBLE "implausible" /* blood and estimates too far apart, */
#define CONTRADICTS "contradicts" /* or further than the blood tests before allow */
#define UNSUPPORTED "unsupported" /* no flash for settings, no radio, or not with this model */
#define STORAGE "storage" /* the flash did not take it */
#define NOTHING "nothing" /* no alarm to acknowledge or to pause */
#define LOCKED "locked" /* neither signed nor confirmed by the button */
#define SIGNATURE "signature" /* a wrong one, or of a command that was heard before */
#define KEYLESS "keyless" /* there is no key */
#define OFTEN "often" /* settings were stored too often of late */
#define UNKNOWN "unknown" /* no such command */

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

/* In the place of a reason: the command has sent its answer. */
static const char ANSWERED[] = "";

/* Whether the command is signed, or the button confirms it. */
static bool is_allowed;

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
  line_unsigned(settings_now()->count);
  line_signed(monitor_stream()->alerts.curve.sd);
  line_unsigned(settings_now()->day);
  line_send();
  return ANSWERED;
}

static reason_t store(const settings_t *settings) {
  if (!session_may_store()) {
    return OFTEN;
  }
  if (!settings_store(settings)) {
    return STORAGE;
  }
  monitor_take_settings();
  monitor_advertise();
  return NULL;
}

#if SPL_TASK == SPL_TASK_POTASSIUM

static void forget_tests(settings_t *settings, uint32_t kept) {
  const uint32_t gone = settings->count - kept;
  static const spl_blood_test_t none = {0};
  for (uint32_t i = 0; i < SPL_MAX_TESTS; i++) {
    settings->tests[i] = i < kept ? settings->tests[i + gone] : none;
  }
  settings->count = (uint16_t)kept;
}

/* The last blood test; NULL without one. */
static const spl_blood_test_t *last_test(const settings_t *settings) {
  return settings->count > 0u ? &settings->tests[settings->count - 1u] : NULL;
}

static reason_t add_test(settings_t *settings, int32_t blood, int32_t day) {
  const spl_blood_test_t *last = last_test(settings);
  int32_t mean;
  if (blood < BLOOD_MIN || blood > BLOOD_MAX) {
    return RANGE;
  }
  if (day > settings->day) {
    return FUTURE;
  }
  if (day < settings->day || !spl_mean(monitor_stream(), &mean)) {
    return STALE;
  }
  if (last != NULL && last->day == day && last->spl_ueq_l == blood) {
    return DOUBLED;
  }
  if (settings->count == SPL_MAX_TESTS) {
    forget_tests(settings, SPL_MAX_TESTS - 1u);
  }
  const bool is_first = settings->count == 0u;
  spl_blood_test_t *test = &settings->tests[settings->count++];
  test->spl_ueq_l = (uint16_t)blood;
  test->estimate_ueq_l = (uint16_t)mean;
  test->day = (uint16_t)day;
  if (settings_are_sane(settings)) {
    return NULL;
  }
  return is_first ? IMPLAUSIBLE : CONTRADICTS;
}

/* `SPL`, `SPL DAY`, or `off`. */
static reason_t read_blood_test(const char **text, settings_t *settings) {
  int32_t blood;
  int32_t day = settings->day;
  if (fields_word(text, "off") && fields_end(*text)) {
    forget_tests(settings, 0);
    return NULL;
  }
  if (!SPL_HAS_PERSONAL) {
    return UNSUPPORTED;
  }
  if (!fields_number(text, &blood) ||
      !(fields_end(*text) || (fields_number(text, &day) && fields_end(*text)))) {
    return ARGUMENT;
  }
  return add_test(settings, blood, day);
}

/* `DAY`: never before a blood test. */
static reason_t read_day(const char **text, settings_t *settings) {
  const spl_blood_test_t *last = last_test(settings);
  int32_t day;
  if (!fields_number(text, &day) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (day < (last == NULL ? 0 : last->day) || day > UINT16_MAX) {
    return RANGE;
  }
  settings->day = (uint16_t)day;
  calendar_begin_day();
  return NULL;
}

static reason_t answer_change(void) {
  const spl_blood_test_t *last = last_test(settings_now());
  int32_t change;
  int32_t low;
  int32_t high;
  if (last == NULL || !spl_change(monitor_stream(), last->spl_ueq_l, &change, &low, &high)) {
    return STALE;
  }
  begin_answer("change", true);
  line_signed(change);
  line_signed(low);
  line_signed(high);
  line_unsigned((uint32_t)settings_now()->day - last->day);
  line_send();
  return ANSWERED;
}

/* `HIGH CRITICAL`. */
static reason_t read_levels(const char **text, settings_t *settings) {
  if (!fields_number(text, &settings->high) || !fields_number(text, &settings->critical) ||
      !fields_end(*text)) {
    return ARGUMENT;
  }
  return settings_are_sane(settings) ? NULL : RANGE;
}

static reason_t set(const char **text, command_t command) {
  settings_t settings = *settings_now();
  reason_t reason;
  if (!BOARD_CAN_STORE) {
    return UNSUPPORTED;
  }
  if (command == CALIBRATE) {
    reason = read_blood_test(text, &settings);
  } else if (command == ALERT) {
    reason = read_levels(text, &settings);
  } else {
    reason = read_day(text, &settings);
  }
  return reason == NULL ? store(&settings) : reason;
}
#else
/* All are of potassium. */
static reason_t set(const char **text, command_t command) {
  (void)text;
  (void)command;
  return UNSUPPORTED;
}

static reason_t answer_change(void) {
  return UNSUPPORTED;
}
#endif

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

/* `KEY`, or `off`. The first key is taken from whoever brings it. */
static reason_t provision(const char **text) {
  uint8_t key[AES_BYTES];
  const bool ends = fields_word(text, "off");
  if ((!ends && !fields_bytes(text, key, sizeof key)) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (!is_allowed && (ends || session_has_key())) {
    return LOCKED;
  }
  if (!session_may_store()) {
    return OFTEN;
  }
  if (!session_set_key(ends ? NULL : key)) {
    return STORAGE;
  }
  monitor_advertise();
  return NULL;
}

static reason_t open_session(void) {
  const uint32_t number = session_number();
  if (number == 0u) {
    return session_has_key() ? STORAGE : KEYLESS;
  }
  begin_answer("session", true);
  line_unsigned(number);
  line_unsigned(session_skip());
  line_send();
  return ANSWERED;
}

static reason_t broadcast(const char **text) {
  settings_t settings = *settings_now();
  const bool on = fields_word(text, "on");
  if ((!on && !fields_word(text, "off")) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (!ADVERT_IS_SEALED) {
    return UNSUPPORTED;
  }
  if (!session_has_key()) {
    return KEYLESS;
  }
  settings.flags = SETTINGS_HAS_KEY | (on ? SETTINGS_BROADCASTS : 0u);
  return store(&settings);
}

/* Of a patient: they outlast a replay. */
static reason_t list_alarms(void) {
  begin_answer("alarms", true);
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
  case CHANGE:
    return answer_change();
  case ALARMS_ON:
    return list_alarms();
  case ACKNOWLEDGE:
    return alarms_acknowledge(monitor_samples()) ? NULL : NOTHING;
  case PAUSE:
    return alarms_pause(monitor_samples()) ? NULL : NOTHING;
  case PROVISION:
    return provision(text);
  case SESSION:
    return open_session();
  case BROADCAST:
    return broadcast(text);
  default:
    return set(text, command);
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
