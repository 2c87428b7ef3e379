/* The alert state on an LED and on a line, by the sample clock. */
#ifndef OUTPUTS_H
#define OUTPUTS_H

#include "spl.h"

/* Called at each sample. The LED repeats a pattern of 2 s: a flash while there is no estimate, dark
 * when all is normal or a high potassium unlikely, one long blink for high or likely, fast ones for
 * critical, three in a row for a sine wave. The line is active in the last three. A model without
 * alert states leaves both dark. */
void outputs_tick(spl_alert_t alert);

#endif
