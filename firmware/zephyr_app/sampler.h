/* Puts BOARD_FS_HZ samples a second into the sample ring: of the converter, or of a recording. */
#ifndef SAMPLER_H
#define SAMPLER_H

#include <stdbool.h>

void sampler_start(void);

/* Whether the samples had an end, and it is reached; never those of a converter. */
bool sampler_has_ended(void);

/* Says so; never returns. */
__attribute__((noreturn)) void sampler_end(void);

#endif
