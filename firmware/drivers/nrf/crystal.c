#include "crystal.h"

#include "nrf.h"

static uint32_t users;
static bool runs;

bool crystal_take(uint32_t user) {
  if (users == 0u) {
    CLOCK_TASKS_HFCLKSTART = 1;
  }
  users |= user;
  return runs;
}

void crystal_release(uint32_t user) {
  users &= ~user;
  if (users == 0u && runs) {
    runs = false;
    CLOCK_TASKS_HFCLKSTOP = 1;
  }
}

/* A user may have left while the crystal came up. */
uint32_t crystal_started(void) {
  if (users == 0u) {
    CLOCK_TASKS_HFCLKSTOP = 1;
  } else {
    runs = true;
  }
  return users;
}
