/* The alert state on an LED and on a line, by the sample clock. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "alert.h"

/* Called at each sample. The LED repeats a pattern of 2 s: a flash while there is no estimate, dark
 * when all is normal, slow blinks for high, fast ones for critical, three in a row for a sine wave.
 * The line is active in the last three. */
void outputs_tick(alert_t alert);

#endif
