/* The application: samples and commands in, lines of text out. */
#ifndef APP_H
#define APP_H

#include <stdbool.h>
#include <stdint.h>

/* Says who is speaking, reports what ended the last run if it was no ordinary reset, reads the
 * settings, runs the library's self-test, and starts the stream. */
void app_init(void);

/* Takes one sample of the converter, in counts: the stream's next, unless a replay is on, and the
 * application's clock. */
void app_push(int16_t sample);

/* Reports samples lost, where `lost_since_reset` has grown, once a second at most: more lines would
 * lose more samples. */
void app_lost(uint32_t lost_since_reset);

/* Whether the next character may be given. After a command was carried out some samples have to
 * pass, so that no flood of commands can fill the wire with answers and stop the sampling. */
bool app_listens(void);

/* Takes one character from the wire; carries out the command that it completes. */
void app_receive(char letter);

#endif
