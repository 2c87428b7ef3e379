/* How the run before this one ended: a record in RAM that outlives a reset. */
#ifndef LAST_RUN_H
#define LAST_RUN_H

#include <stdint.h>

typedef enum {
  RUN_NORMAL,
  RUN_FAULT,
  RUN_WATCHDOG,
  RUN_LOCKUP,
  RUN_BROWNOUT,
  RUN_CRYSTAL, /* that did not start: bits of the crystals in the place of the instruction */
} last_run_t;

/* The bit of the crystal that times the samples. */
#define RUN_CRYSTAL_OF_SAMPLES (1u << 0)

/* Records how this run ends, and at which instruction (0 where that is unknown). A record that is
 * already there stays, the first to speak knows best; but a brown-out, a warning that the run may
 * have survived, gives way to any other. */
void last_run_record(last_run_t how, uint32_t pc);

/* The crystals that ended the last run, 0 where something else did; the record stays. */
uint32_t last_run_crystals(void);

/* Reads the record and forgets it; RUN_NORMAL where there is none. */
last_run_t last_run_take(uint32_t *pc);

#endif
