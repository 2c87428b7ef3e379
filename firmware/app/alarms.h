/* Alarms, in the terms of IEC 60601-1-8: physiological ones follow the alert states of a patient,
 * technical ones say why nobody may be watching. docs/protocol.md has the table of their states. No
 * conformity is claimed. */
#ifndef ALARMS_H
#define ALARMS_H

#include <stdbool.h>
#include <stdint.h>

#include "spl.h"

/* The most urgent first. */
typedef enum {
  ALARM_CRITICAL, /* physiological, as the alert states of these names */
  ALARM_SINE,
  ALARM_HIGH, /* of a classifier: likely */
  ALARM_DEVICE, /* technical: the self-test has failed, or the sample clock is not right */
  ALARM_SIGNAL, /* no estimate that counts, for 30 s */
  ALARM_BATTERY,
  ALARMS,
} alarm_t;

/* An acknowledged alarm whose condition lasts comes back after so long, */
#define ALARM_ACKNOWLEDGED_S 600u
/* a pause of the alarm signals ends, */
#define ALARM_PAUSE_S 120u
/* and so long nothing is said of a missing estimate. */
#define ALARM_SIGNAL_S 30u

/* Call first: physiological alarms that were on when the chip was reset are latched. */
void alarms_init(void);

/* A stream starts, its samples count from 0. Of a patient's stream before, alarms that are on are
 * latched. A stream that is no patient's (a replay) sets off none. */
void alarms_start(bool is_patient);

/* The time has come to `sample`: acknowledgements and pauses end. Never goes back in a stream. */
void alarms_time(uint32_t sample);

/* The alert state has changed, at `sample`; after alarms_time of it. */
void alarms_alert(spl_alert_t alert, uint32_t sample);

/* The condition of ALARM_DEVICE or ALARM_BATTERY is there, or not. */
void alarms_set(alarm_t alarm, bool is_on, uint32_t sample);

/* Ends latched alarms, and the signals of active ones for a time. False if there is none. */
bool alarms_acknowledge(uint32_t sample);

/* Ends the alarm line's signal for a time, or until another alarm is set off
 * that has one. False if none is on. */
bool alarms_pause(uint32_t sample);

/* The most urgent alarm that is on, acknowledged or not; ALARMS if there is none. */
alarm_t alarms_first(void);

/* Whether the alarm line is to be active: for a physiological alarm or ALARM_DEVICE that is neither
 * acknowledged nor paused. */
bool alarms_sound(void);

/* Whether one of these is on, acknowledged or not. */
bool alarms_any(alarm_t first, alarm_t last);

/* Whether an alarm has changed since the last call. */
bool alarms_take_change(void);

/* Adds all that are on to a line, each with its state; `paused` where they are. */
void alarms_list(void);

#endif
