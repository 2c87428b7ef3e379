/* The ECG itself, while somebody watches: about 100 points a second in lines of hexadecimal. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stdint.h>

void trace_set(bool on);

/* Takes every sample of the stream with its number; writes a line now and then where the trace is
 * on. A point is the mean of as many samples as the line says. */
void trace_push(int16_t sample, uint32_t number);

#endif
