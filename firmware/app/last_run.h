/* How the run before this one ended: a record in RAM that outlives a reset. */
#ifndef LAST_RUN_H
#define LAST_RUN_H

#include <stdint.h>

typedef enum { RUN_NORMAL, RUN_FAULT, RUN_WATCHDOG, RUN_LOCKUP, RUN_BROWNOUT } last_run_t;

/* Records how this run ends, and at which instruction (0 where that is unknown). A record that is
 * already there stays, the first to speak knows best; but a brown-out, a warning that the run may
 * have survived, gives way to any other. */
void last_run_record(last_run_t how, uint32_t pc);

/* Reads the record and forgets it; RUN_NORMAL where there is none. */
last_run_t last_run_take(uint32_t *pc);

#endif
