/* The alert state: what a run of estimates and beats amounts to. docs/protocol.md has its table,
 * firmware/parity/alert.py is its twin. Nothing but beats, estimates and the time goes in: no board. */
#ifndef ALERT_H
#define ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "settings.h"
#include "spl.h"

typedef enum {
  ALERT_NONE, /* no estimate that counts */
  ALERT_NORMAL,
  ALERT_HIGH,
  ALERT_CRITICAL,
  ALERT_SINE /* regular, large, and nothing in it that is a QRS complex: a sine wave? */
} alert_t;

/* A level is reached when so many of the last so many estimates are at or above it, and left when
 * as many are below it by the hysteresis. An estimate takes as many accepted
 * cycles as the model averages: 8, some 7 s, unless it was trained on another number. */
#define ALERT_ESTIMATES 5u
#define ALERT_NEEDED 3u
#define ALERT_HYSTERESIS 300 /* ueq/L */

/* Estimates count for so long without another accepted cycle, and without another estimate. */
#define ALERT_QUIET_S 10u
#define ALERT_STALE_S 60u

/* A beat is reported so long after its R peak at the latest: when to say that there was none. */
#define ALERT_REPORTED_S 4u

/* So many beats in a row without a QRS complex, RR intervals within an eighth, at least so large. */
#define ALERT_SINE_BEATS 8u
#define ALERT_SINE_MIN_UV 300

typedef struct {
  alert_t state;
  uint32_t changed_at; /* the sample of the last change */
  uint32_t accepted_at; /* R peaks: of the last accepted beat, */
  uint32_t estimate_at; /* of the last estimate, */
  uint32_t sine_at; /* of the last beat of a run that looks like a sine wave */
  uint32_t run; /* beats of that run */
  uint16_t rr_samples; /* of the last beat */
  uint8_t next;
  uint8_t count;
  int32_t estimates[ALERT_ESTIMATES]; /* the model's own, without calibration, ueq/L */
} alerts_t;

void alert_init(alerts_t *alerts);

/* Each returns whether the state has changed.
 *
 * The time has come to `sample`, all beats before it were given. */
bool alert_time(alerts_t *alerts, uint32_t sample);

/* A beat, after alert_time with its R peak; amplitude in microvolts. */
bool alert_beat(alerts_t *alerts, const spl_beat_t *beat, int32_t amplitude_uv);

/* An estimate of the model, after its last beat. */
bool alert_estimate(alerts_t *alerts, const spl_estimate_t *estimate, const settings_t *settings);

/* The mean of the model's estimates that count; false where they are too few to rely on. */
bool alert_mean(const alerts_t *alerts, int32_t *spl_ueq_l);

/* The state as the word that stands in lines. */
const char *alert_word(alert_t state);

#endif
