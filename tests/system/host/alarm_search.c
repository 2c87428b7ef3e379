/* A search for a critical state that ends in silence.
 *
 *   alarm_search STEPS SEED
 *
 * Random events: alert states, gaps of up to 15 minutes, acknowledgements, pauses, technical alarms, replays,
 * resets. Beside them stands what a nurse would keep in mind: since when a critical state is unanswered, and
 * when it was acknowledged. Prints how many of each there were; exit status 1 where the line was silent and
 * should not have been. */
#include "alarms.c"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nobody reads its lines. */
void line_begin(char kind) {
  (void)kind;
}

void line_word(const char *word) {
  (void)word;
}

void line_unsigned(uint32_t value) {
  (void)value;
}

void line_send(void) {
}

enum { ALERT, GAP, ACKNOWLEDGE, PAUSE, TECHNICAL, REPLAY, RESET, KINDS };

static uint32_t random_state;

static uint32_t draw(uint32_t below) {
  random_state = random_state * 1664525u + 1013904223u; /* Numerical Recipes' */
  return (random_state >> 8) % below;
}

/* All RAM but .noinit. */
static void reset(void) {
  memset(alarms, 0, sizeof alarms);
  is_paused = false;
  alarms_init();
  alarms_start(true);
}

/* What is known of the critical state, by a count of samples that no stream resets. */
static struct {
  uint64_t now;
  bool is_on;
  bool is_unanswered;
  uint64_t acknowledged_at; /* while it lasts; 0: not */
  uint64_t paused_at;
} nurse;

static void note_alert(spl_alert_t state) {
  const bool is_estimate = state != SPL_ALERT_NONE && state != SPL_ALERT_SINE;
  nurse.is_on = state == SPL_ALERT_CRITICAL;
  if (nurse.is_on && nurse.acknowledged_at == 0u) {
    nurse.is_unanswered = true;
  }
  if (!nurse.is_on && is_estimate) {
    nurse.acknowledged_at = 0; /* it was seen to end */
  }
}

static void note_acknowledgement(void) {
  if (nurse.is_unanswered) {
    nurse.is_unanswered = false;
    nurse.acknowledged_at = nurse.is_on ? nurse.now : 0u;
  }
}

static void note_time(void) {
  if (nurse.acknowledged_at != 0u &&
      nurse.now - nurse.acknowledged_at >= SECONDS(ALARM_ACKNOWLEDGED_S)) {
    nurse.acknowledged_at = 0;
    nurse.is_unanswered = true;
  }
}

/* The device watches nobody, or has forgotten the acknowledgement: it starts over. */
static void note_start(void) {
  nurse.is_on = false;
  if (nurse.acknowledged_at != 0u) {
    nurse.acknowledged_at = 0;
    nurse.is_unanswered = true;
  }
}

int main(int count, char **words) {
  static const spl_alert_t states[] = {SPL_ALERT_NONE, SPL_ALERT_NORMAL, SPL_ALERT_HIGH,
                                       SPL_ALERT_CRITICAL, SPL_ALERT_SINE};
  uint32_t counts[KINDS] = {0};
  uint32_t critical = 0;
  uint32_t sample = 0;
  bool replaying = false;
  if (count != 3) {
    return EXIT_FAILURE;
  }
  const uint32_t steps = (uint32_t)strtoul(words[1], NULL, 10);
  random_state = (uint32_t)strtoul(words[2], NULL, 10);
  nurse.now = 1;
  reset();
  for (uint32_t step = 0; step < steps; step++) {
    const uint32_t kind = draw(KINDS);
    const uint32_t gap = kind == GAP ? draw(900u * SPL_FS_HZ) : draw(5u * SPL_FS_HZ);
    counts[kind]++;
    sample += gap;
    nurse.now += gap;
    alarms_time(sample);
    note_time();
    switch (kind) {
    case ALERT: {
      const spl_alert_t state = states[draw(sizeof states / sizeof states[0])];
      alarms_alert(state, sample);
      if (!replaying) {
        note_alert(state);
        critical += state == SPL_ALERT_CRITICAL ? 1u : 0u;
      }
      break;
    }
    case ACKNOWLEDGE:
      (void)alarms_acknowledge(sample);
      note_acknowledgement();
      nurse.paused_at = 0;
      break;
    case PAUSE:
      nurse.paused_at = alarms_pause(sample) ? nurse.now : 0u;
      break;
    case TECHNICAL:
      alarms_set(draw(2) != 0u ? ALARM_DEVICE : ALARM_BATTERY, draw(2) != 0u, sample);
      break;
    case REPLAY:
      replaying = !replaying;
      sample = 0;
      alarms_start(!replaying);
      note_start();
      break;
    case RESET:
      replaying = false;
      sample = 0;
      reset();
      note_start();
      break;
    default:
      break;
    }
    const bool may_be_paused =
        nurse.paused_at != 0u && nurse.now - nurse.paused_at < SECONDS(ALARM_PAUSE_S);
    if (nurse.is_unanswered && !alarms_sound() && !may_be_paused) {
      printf("silent at step %u\n", step);
      return EXIT_FAILURE;
    }
  }
  printf("steps %u critical %u gaps %u acknowledged %u paused %u replays %u resets %u\n", steps,
         critical, counts[GAP], counts[ACKNOWLEDGE], counts[PAUSE], counts[REPLAY], counts[RESET]);
  return EXIT_SUCCESS;
}
