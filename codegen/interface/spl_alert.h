/* The alert state: what a run of beats and of answers of the network amounts to.
 *
 * Nothing but beats, answers and the time goes in. docs/protocol.md has the table of states;
 * firmware/parity/alert.py is the numpy side's twin. Used through spl.h.
 */
#ifndef SPL_ALERT_H
#define SPL_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "spl_contract.h"
#include "spl_frontend.h"
#include "spl_personal.h"

/* Which of them there are depends on the task. The values stand in advertisements. */
enum {
  SPL_ALERT_NONE = 0, /* no estimate that counts */
  SPL_ALERT_NORMAL = 1, /* potassium: under both levels, */
  SPL_ALERT_HIGH = 2, /* at or above the first, */
  SPL_ALERT_CRITICAL = 3, /* at or above the second */
  SPL_ALERT_SINE = 4, /* regular, large, and nothing in it that is a QRS complex: a sine wave? */
  SPL_ALERT_UNLIKELY = 5, /* probability: under its threshold, */
  SPL_ALERT_LIKELY = 6, /* at or above it */
  SPL_ALERT_ABSENT = 7, /* another task: there are no alert states */
  SPL_ALERTS = 8
};
typedef uint8_t spl_alert_t;

/* Stands for an answer that is no estimate. */
#define SPL_NO_VALUE INT32_MIN

/* One stream's state. Its members are private. Values are thousandths of SPL_UNIT. */
typedef struct {
  spl_alert_t state;
  uint8_t count; /* answers held */
  uint16_t rr_samples; /* of the last beat */
  uint32_t changed_at; /* the sample of the last change */
  uint32_t silent_at; /* of the last change because of silence */
  uint32_t accepted_at; /* R peaks: of the last accepted beat, */
  uint32_t estimate_at; /* of the last estimate, */
  uint32_t sine_at; /* of the last beat of a run that looks like a sine wave */
  uint32_t run; /* beats of that run */
  spl_curve_t curve; /* the calibration */
  int32_t high; /* levels */
  int32_t critical;
  /* The newest first, without calibration; medians are SPL_NO_VALUE where there was no estimate. */
  int32_t answers[SPL_ALERT_ANSWERS][SPL_QUANTILES];
} spl_alerts_t;

/* Starts a stream, without calibration, at the default levels. */
void spl_alert_init(spl_alerts_t *alerts);

/* Each of the next three returns whether the state has changed.
 *
 * The time has come to `sample`, all beats before it were given. A change comes from silence. */
bool spl_alert_time(spl_alerts_t *alerts, uint32_t sample);

/* A beat, after spl_alert_time with its R peak. */
bool spl_alert_beat(spl_alerts_t *alerts, const spl_beat_t *beat);

/* An answer of the network after its last beat, without calibration: its value, or its quantiles in
 * order. The median is SPL_NO_VALUE where it is no estimate. One that has `grown` takes the place of the answer before:
 * what is held is of different cycles, so that none counts twice. */
bool spl_alert_answer(spl_alerts_t *alerts, uint32_t r_sample, const int32_t answer[SPL_QUANTILES],
                      bool grown);

/* The last answer, calibrated; false where it is no estimate, or counts no more. */
bool spl_alert_latest(const spl_alerts_t *alerts, int32_t *value);

/* The mean of the estimates that count, without calibration; false where they are too few. Of potassium only. */
bool spl_alert_mean(const spl_alerts_t *alerts, int32_t *value);

/* Whether a value lies in the plausible range. */
bool spl_is_plausible(int32_t value);

/* Counts of the converter as microvolts. */
int32_t spl_microvolts(int32_t counts);

/* The word of a state, as it stands in lines; "unknown" for what is none. */
const char *spl_alert_word(spl_alert_t alert);

#endif
