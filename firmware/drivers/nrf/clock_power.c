/* The interrupt that the crystals and the supply share: who waits for a crystal goes on. */
#include "app_config.h"
#include "board.h"
#include "crystal.h"
#include "last_run.h"
#include "nrf.h"
#include "rtc.h"
#include "supply.h"
#include "uarte.h"
#include "uarte_receiver.h"
#if BOARD_CAN_ADVERTISE
#include "radio.h"
#endif

volatile bool supply_warned;

static void call_users(uint32_t users) {
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

void clock_power_interrupt(void) {
  if (CLOCK_EVENTS_HFCLKSTARTED != 0u) {
    CLOCK_EVENTS_HFCLKSTARTED = 0;
    call_users(crystal_started());
  }
  if (CLOCK_EVENTS_LFCLKSTARTED != 0u) {
    CLOCK_EVENTS_LFCLKSTARTED = 0;
    rtc_crystal_runs();
  }
  if (POWER_EVENTS_POFWARN != 0u) {
    POWER_EVENTS_POFWARN = 0;
    supply_warned = true;
    last_run_record(RUN_BROWNOUT, 0);
  }
}
