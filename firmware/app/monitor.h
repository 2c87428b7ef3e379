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

/* The library's self-test, between two samples. */
spl_status_t monitor_self_test(void);

/* The stream, for what spl.h tells of it. */
const spl_t *monitor_stream(void);

#endif
