#include "alarms.h"

#include "line.h"

#define RECORD_MAGIC 0x53504C41u /* "SPLA" */
#define SECONDS(s) ((int32_t)((s) * SPL_FS_HZ))

/* Latched: its condition is over, or cannot be seen any more, and nobody has acknowledged it. */
typedef enum { OFF, ACTIVE, LATCHED, ACKNOWLEDGED } state_t;

static struct {
  uint32_t since;
  uint8_t state;
  bool is_on; /* its condition */
} alarms[ALARMS];

static bool has_changed;
static bool is_patient;
static spl_alert_t alert;
static uint32_t alert_since;
static bool is_paused;
static uint32_t paused_since;

/* Bits of the physiological alarms that are on: a reset leaves .noinit as it is. */
static struct {
  uint32_t on;
  uint32_t check;
} record __attribute__((section(".noinit")));

static void remember(void) {
  record.on = 0;
  for (uint32_t i = 0; i <= ALARM_HIGH; i++) {
    record.on |= alarms[i].state != OFF ? 1u << i : 0u;
  }
  record.check = ~record.on ^ RECORD_MAGIC;
}

static void add_alarm(alarm_t alarm) {
  static const char *const words[ALARMS] = {
      [ALARM_CRITICAL] = "critical",
      [ALARM_SINE] = "sine",
      [ALARM_HIGH] = SPL_TASK == SPL_TASK_PROBABILITY ? "likely" : "high",
      [ALARM_DEVICE] = "device",
      [ALARM_SIGNAL] = "signal",
      [ALARM_BATTERY] = "battery",
  };
  static const char *const states[] = {
      [OFF] = "off", [ACTIVE] = "active", [LATCHED] = "latched", [ACKNOWLEDGED] = "acknowledged"};
  line_word(words[alarm]);
  line_word(states[alarms[alarm].state]);
}

static void enter(alarm_t alarm, state_t state, uint32_t sample) {
  alarms[alarm].state = (uint8_t)state;
  alarms[alarm].since = sample;
  if (state == ACTIVE && alarm <= ALARM_DEVICE) {
    is_paused = false;
  }
  has_changed = true;
  remember();
  line_begin('L');
  line_unsigned(sample);
  add_alarm(alarm);
  line_send();
}

/* `is_seen`: an end of the condition would be known as such. A critical alarm stays until somebody
 * has acknowledged it even then. */
static void judge(alarm_t alarm, bool is_on, bool is_seen, uint32_t sample) {
  const bool ends = is_seen && alarm != ALARM_CRITICAL && alarm != ALARM_SINE;
  alarms[alarm].is_on = is_on;
  switch (alarms[alarm].state) {
  case OFF:
    if (is_on) {
      enter(alarm, ACTIVE, sample);
    }
    break;
  case ACTIVE:
    if (!is_on) {
      enter(alarm, ends ? OFF : LATCHED, sample);
    }
    break;
  case LATCHED:
    if (is_on) {
      enter(alarm, ACTIVE, sample);
    } else if (ends) {
      enter(alarm, OFF, sample);
    }
    break;
  default:
    if (!is_on && is_seen) {
      enter(alarm, OFF, sample);
    }
    break;
  }
}

void alarms_init(void) {
  if (record.check == (~record.on ^ RECORD_MAGIC)) {
    const uint32_t on = record.on;
    for (uint32_t i = 0; i <= ALARM_HIGH; i++) {
      if ((on >> i & 1u) != 0u) {
        enter((alarm_t)i, LATCHED, 0);
      }
    }
  }
  remember();
}

void alarms_start(bool of_patient) {
  for (uint32_t i = 0; i < ALARMS; i++) {
    alarms[i].since = 0;
  }
  for (uint32_t i = 0; i <= ALARM_HIGH; i++) {
    alarms[i].is_on = false;
    if (alarms[i].state == ACTIVE || alarms[i].state == ACKNOWLEDGED) {
      enter((alarm_t)i, LATCHED, 0);
    }
  }
  judge(ALARM_SIGNAL, false, true, 0);
  is_patient = of_patient;
  is_paused = false;
  alert = SPL_TASK == SPL_TASK_OTHER ? SPL_ALERT_ABSENT : SPL_ALERT_NONE;
  alert_since = 0;
}

/* Samples are counted modulo 2^32. */
static bool has_lasted(uint32_t since, uint32_t sample, int32_t samples) {
  return (int32_t)(sample - since) >= samples;
}

void alarms_time(uint32_t sample) {
  for (uint32_t i = 0; i < ALARMS; i++) {
    const uint32_t since = alarms[i].since;
    if (alarms[i].state == ACKNOWLEDGED &&
        has_lasted(since, sample, SECONDS(ALARM_ACKNOWLEDGED_S))) {
      enter((alarm_t)i, alarms[i].is_on ? ACTIVE : LATCHED, since + SECONDS(ALARM_ACKNOWLEDGED_S));
    }
  }
  if (is_paused && has_lasted(paused_since, sample, SECONDS(ALARM_PAUSE_S))) {
    is_paused = false;
  }
  if (is_patient && alert == SPL_ALERT_NONE && !alarms[ALARM_SIGNAL].is_on &&
      has_lasted(alert_since, sample, SECONDS(ALARM_SIGNAL_S))) {
    judge(ALARM_SIGNAL, true, true, alert_since + SECONDS(ALARM_SIGNAL_S));
  }
}

void alarms_alert(spl_alert_t now, uint32_t sample) {
  if (!is_patient) {
    return;
  }
  const bool is_estimated = now != SPL_ALERT_NONE && now != SPL_ALERT_SINE;
  alert = now;
  alert_since = sample;
  judge(ALARM_CRITICAL, now == SPL_ALERT_CRITICAL, is_estimated, sample);
  judge(ALARM_SINE, now == SPL_ALERT_SINE, is_estimated, sample);
  judge(ALARM_HIGH, now == SPL_ALERT_HIGH || now == SPL_ALERT_LIKELY, is_estimated, sample);
  if (now != SPL_ALERT_NONE) {
    judge(ALARM_SIGNAL, false, true, sample);
  }
}

void alarms_set(alarm_t alarm, bool is_on, uint32_t sample) {
  judge(alarm, is_on, true, sample);
}

bool alarms_acknowledge(uint32_t sample) {
  bool any = false;
  is_paused = false;
  for (uint32_t i = 0; i < ALARMS; i++) {
    const uint8_t state = alarms[i].state;
    if (state == ACTIVE || state == LATCHED) {
      enter((alarm_t)i, state == ACTIVE ? ACKNOWLEDGED : OFF, sample);
      any = true;
    }
  }
  return any;
}

bool alarms_pause(uint32_t sample) {
  is_paused = alarms_sound();
  paused_since = sample;
  return is_paused;
}

alarm_t alarms_first(void) {
  uint32_t first = 0;
  while (first < ALARMS && alarms[first].state == OFF) {
    first++;
  }
  return (alarm_t)first;
}

bool alarms_any(alarm_t first, alarm_t last) {
  bool any = false;
  for (uint32_t i = first; i <= last; i++) {
    any = any || alarms[i].state != OFF;
  }
  return any;
}

bool alarms_take_change(void) {
  const bool changed = has_changed;
  has_changed = false;
  return changed;
}

bool alarms_sound(void) {
  bool sound = false;
  for (uint32_t i = 0; i <= ALARM_DEVICE; i++) {
    sound = sound || alarms[i].state == ACTIVE || alarms[i].state == LATCHED;
  }
  return sound && !is_paused;
}

void alarms_list(void) {
  if (is_paused) {
    line_word("paused");
  }
  for (uint32_t i = 0; i < ALARMS; i++) {
    if (alarms[i].state != OFF) {
      add_alarm((alarm_t)i);
    }
  }
}
