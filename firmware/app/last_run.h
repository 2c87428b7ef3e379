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

/* Reads the record and forgets it; RUN_NORMAL where there is none. A fault, the watchdog or a lockup counts as
 * a failure. */
last_run_t last_run_take(uint32_t *pc);

/* A run of so many seconds is none that failed at its start. */
#define LAST_RUN_GOOD_S 60u

/* Failures in a row from which on a run makes no estimates, and from which on it is not started again at once. */
#define LAST_RUN_SAFE 3u
#define LAST_RUN_BACK_OFF 6u
#define LAST_RUN_FAILURES_MAX 255u

/* Failures in a row before this run, none of which had lasted for LAST_RUN_GOOD_S. */
uint32_t last_run_failures(void);

/* This run has. */
void last_run_has_lasted(void);

#endif
