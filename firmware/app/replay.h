/* Samples from the wire instead of the converter: the same stream, of a device under test. */
#ifndef REPLAY_H
#define REPLAY_H

#include <stdbool.h>
#include <stdint.h>

/* A replay that nobody feeds any more ends, and the patient is monitored again. */
#define REPLAY_PATIENCE_S 10u

bool replay_is_on(void);

/* Each starts a stream anew: of replayed samples, or of the patient's. */
void replay_start(void);
void replay_end(void);

/* Samples in fields of four digits; false, and none is taken, where the text is anything else. */
bool replay_feed(const char *text);

/* Called for each sample of the converter while a replay is on. */
void replay_tick(void);

#endif
