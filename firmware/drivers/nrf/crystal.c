#include "crystal.h"

#include "nrf.h"

volatile uint32_t crystals_awaited;
uint32_t crystals_absent;
static bool started;
static uint32_t users;

bool crystal_take(uint32_t user) {
  if ((crystals_absent & CRYSTAL_OF_32_MHZ) != 0u) {
    return user != CRYSTAL_FOR_RADIO;
  }
  if (!started) {
    started = true;
    crystals_awaited |= CRYSTAL_OF_32_MHZ;
    CLOCK_TASKS_HFCLKSTART = 1;
  }
  users |= user;
  return (crystals_awaited & CRYSTAL_OF_32_MHZ) == 0u;
}

/* Nobody leaves before it has come up. */
void crystal_release(uint32_t user) {
  users &= ~user;
  if (users == 0u && started) {
    started = false;
    CLOCK_TASKS_HFCLKSTOP = 1;
  }
}

/* The event may come twice (anomaly 201): whoever waited has been told. */
uint32_t crystal_started(void) {
  if ((crystals_awaited & CRYSTAL_OF_32_MHZ) == 0u) {
    return 0;
  }
  crystals_awaited &= ~CRYSTAL_OF_32_MHZ;
  return users;
}
