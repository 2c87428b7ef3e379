/* Clocks, watchdog and reset reasons on the nRF52 and nRF53 series. */
#include "board.h"

#include "last_run.h"
#include "nrf.h"
#include "sampler.h"
#include "uarte.h"

/* The record of a fault or of the watchdog's interrupt knows more; it stays. */
static void note_reset_reason(void) {
  uint32_t reason = RESETREAS;
  RESETREAS = reason; /* reasons add up until they are cleared by writing 1 */
  if ((reason & RESETREAS_WATCHDOG) != 0u) {
    last_run_record(RUN_WATCHDOG, 0);
  }
  if ((reason & RESETREAS_LOCKUP) != 0u) {
    last_run_record(RUN_LOCKUP, 0);
  }
}

void board_init(void) {
  note_reset_reason();
  CLOCK_TASKS_HFCLKSTART = 1; /* the crystal: a UART at the right rate, samples at the right time */
  while (CLOCK_EVENT_HFCLKSTARTED == 0u) {
  }
  uarte_init();
}

/* A reset by software leaves a running watchdog as it is: settings are then ignored, and it is fed
 * to give this run its whole time. */
static void start_watchdog(void) {
  WDT_CRV = BOARD_WATCHDOG_S * WDT_HZ - 1u;
  WDT_RREN = WDT_RREN_RR0;
  WDT_CONFIG = WDT_CONFIG_SLEEP_RUN;
  WDT_INTENSET = WDT_INT_TIMEOUT;
  core_enable_interrupt(WDT_IRQ);
  WDT_TASKS_START = 1;
  board_feed_watchdog();
}

void board_start(void) {
  start_watchdog();
  sampler_start();
}

void board_feed_watchdog(void) {
  WDT_RR0 = WDT_RR_RELOAD;
}

/* The chip resets two ticks of the watchdog, 61 us, after its interrupt. */
void board_watchdog(uint32_t pc) {
  last_run_record(RUN_WATCHDOG, pc);
  for (;;) {
  }
}
