/* From samples to lines: beats, estimates, alerts. One stream at a time, a patient's or a replay. */
#ifndef MONITOR_H
#define MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "spl.h"

/* Starts a stream: samples are counted from 0, nothing is known. `replay` marks what is said to the
 * world outside of the lines as no patient's. */
void monitor_start(bool replay);

/* Takes one sample, in counts; reports the beat, the estimate and the change of the alert state that
 * it brings. */
void monitor_push(int16_t sample);

/* From now on the settings in force count. */
void monitor_take_settings(void);

/* Puts the stream's state on the air, where that is asked for. */
void monitor_advertise(void);

/* The library's self-test, between two samples. Where it fails, samples are counted from then on, and
 * nothing is made of them: ALARM_DEVICE is on. */
spl_status_t monitor_self_test(void);

/* Samples come at another rate than they should, or runs before this one have failed in a row: the same,
 * whatever the next self-test says. Call before it. */
void monitor_stand_by(void);

/* Of the stream so far. */
uint32_t monitor_samples(void);

/* The stream, for what spl.h tells of it. */
const spl_t *monitor_stream(void);

#endif
