#include "crystal.h"

#include "last_run.h"
#include "nrf.h"

static enum { STOPPED, STARTING, RUNNING } state;
static uint32_t users;
static uint32_t absent;

void crystal_init(void) {
  absent = last_run_crystals();
}

uint32_t crystal_absent(void) {
  return absent;
}

bool crystal_starts(void) {
  return state == STARTING;
}

bool crystal_take(uint32_t user) {
  if ((absent & CRYSTAL_OF_32_MHZ) != 0u) {
    return user != CRYSTAL_FOR_RADIO;
  }
  if (state == STOPPED) {
    state = STARTING;
    CLOCK_EVENTS_HFCLKSTARTED = 0;
    CLOCK_TASKS_HFCLKSTART = 1;
  }
  users |= user;
  return state == RUNNING;
}

static void stop_unused(void) {
  if (users == 0u && state == RUNNING) {
    state = STOPPED;
    CLOCK_TASKS_HFCLKSTOP = 1;
  }
}

void crystal_release(uint32_t user) {
  users &= ~user;
  stop_unused();
}

/* The event may come twice (anomaly 201): whoever waited has been told. A user may have left while
 * the crystal came up. */
uint32_t crystal_started(void) {
  if (state != STARTING) {
    return 0;
  }
  state = RUNNING;
  stop_unused();
  return users;
}
