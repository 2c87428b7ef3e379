/* The application: samples in, lines of text out. */
#ifndef APP_H
#define APP_H

#include <stdint.h>

/* Says who is speaking, reports what ended the last run if it was no ordinary reset, runs the library's self-test, and
 * resets the front end and the model. */
void app_init(void);

/* Takes one sample, in counts; reports the beat and the estimate that it completes. */
void app_push(int16_t sample);

/* Reports samples lost, where `lost_since_reset` has grown since the last call. */
void app_lost(uint32_t lost_since_reset);

#endif
