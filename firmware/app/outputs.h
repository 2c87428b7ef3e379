/* Alarms on an LED and on a line, by the sample clock. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "spl.h"

/* Called at each sample. The LED repeats a pattern of 2 s, that of the most urgent alarm: four blinks
 * for critical, three in a row for a sine wave, one long one for high or likely, two long ones where
 * the device has failed, a flash for a missing signal, two flashes for a low battery. Without an alarm
 * it flashes while there is no estimate, and is dark otherwise. The line is active while
 * alarms_sound. */
void outputs_tick(spl_alert_t alert);

#endif
