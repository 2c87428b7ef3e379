/* The high-frequency crystal on demand, and what shares its interrupt: the
 * slow crystal, and the supply's warning. */
#include "crystal.h"

#include "board.h"
#include "last_run.h"
#include "nrf.h"
#include "rtc.h"
#include "uarte.h"
#include "uarte_receiver.h"
#if BOARD_CAN_ADVERTISE
#include "radio.h"
#endif

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

static void call_users(void) {
  if ((users & CRYSTAL_FOR_SENDING) != 0u) {
    uarte_send();
  }
  if ((users & CRYSTAL_FOR_RECEIVING) != 0u) {
    uarte_receiver_start();
  }
#if BOARD_CAN_ADVERTISE
  if ((users & CRYSTAL_FOR_RADIO) != 0u) {
    radio_send();
  }
#endif
}

/* A user may have left while the crystal came up. */
static void crystal_started(void) {
  if (users == 0u) {
    CLOCK_TASKS_HFCLKSTOP = 1;
  } else {
    runs = true;
    call_users();
  }
}

void clock_power_interrupt(void) {
  if (CLOCK_EVENT_HFCLKSTARTED != 0u) {
    CLOCK_EVENT_HFCLKSTARTED = 0;
    crystal_started();
  }
  if (CLOCK_EVENT_LFCLKSTARTED != 0u) {
    CLOCK_EVENT_LFCLKSTARTED = 0;
    rtc_crystal_runs();
  }
  if (POWER_EVENT_POFWARN != 0u) {
    POWER_EVENT_POFWARN = 0;
    last_run_record(RUN_BROWNOUT, 0);
  }
}
