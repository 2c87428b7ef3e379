/* Start, watchdog, reset reasons and outputs on the nRF52 and nRF53 series. */
#include "board.h"

#include "app_config.h"
#include "crystal.h"
#include "inputs.h"
#include "last_run.h"
#include "nrf.h"
#include "rtc.h"
#include "sampler.h"
#include "show.h"
#include "uarte.h"
#include "uarte_receiver.h"
#if BOARD_CAN_ADVERTISE
#include "radio.h"
#endif

#define WDT_HZ 32768u

/* The record of a fault or of the watchdog's interrupt knows more; it stays. */
static void note_reset_reason(void) {
  uint32_t reason = RESETREAS;
  RESETREAS = reason; /* reasons add up until they are cleared by writing 1 */
  if ((reason & RESETREAS_PIN) != 0u) {
    return; /* the others are then set at random: nRF52 anomaly 136, nRF5340 anomaly 55 */
  }
  if ((reason & RESETREAS_WATCHDOG) != 0u) {
    last_run_record(RUN_WATCHDOG, 0);
  }
  if ((reason & RESETREAS_LOCKUP) != 0u) {
    last_run_record(RUN_LOCKUP, 0);
  }
}

/* CLOCK and POWER share the register. */
static void watch_clocks_and_supply(void) {
  POFCON = POFCON_AT_2_1_V;
  CLOCK_INTENSET =
      CLOCK_INTENSET_HFCLKSTARTED | CLOCK_INTENSET_LFCLKSTARTED | POWER_INTENSET_POFWARN;
  core_enable_interrupt(CLOCK_POWER_IRQ);
}

/* Before anything waits for a crystal: the watchdog counts by an oscillator of its own until there is
 * another. A reset by software leaves a running watchdog as it is: settings are then ignored, and it is fed
 * to give this run its whole time. */
static void start_watchdog(void) {
  WDT_CRV = BOARD_WATCHDOG_S * WDT_HZ - 1u;
  WDT_RREN = WDT_RREN_RR0;
  WDT_CONFIG = WDT_CONFIG_SLEEP_RUN | WDT_CONFIG_HALT_PAUSE;
  WDT_INTENSET = WDT_INTENSET_TIMEOUT;
  core_enable_interrupt(WDT_IRQ);
  WDT_TASKS_START = 1;
  board_feed_watchdog();
}

void board_init(void) {
  note_reset_reason();
  chip_init();
#if BOARD_SUPPLY_DCDC
  DCDCEN = DCDCEN_ENABLED;
#endif
  watch_clocks_and_supply();
  crystals_absent = last_run_crystals();
  rtc_init();
  start_watchdog();
#if BOARD_CAN_SHOW
  show_init();
#endif
  inputs_init();
  uarte_init();
}

void board_start(void) {
  GPIOTE_INTENSET = GPIOTE_INTENSET_PORT;
  core_enable_interrupt(GPIOTE_IRQ);
  uarte_receiver_listen();
  rtc_start();
#if BOARD_CAN_ADVERTISE
  radio_start();
#endif
  sampler_start();
}

/* One interrupt for all pins that are sensed. */
void gpiote_interrupt(void) {
  if (GPIOTE_EVENTS_PORT != 0u) {
    GPIOTE_EVENTS_PORT = 0;
    uarte_receiver_line_changed();
#ifdef BOARD_ECG_MAX30003_INTERRUPT_PIN
    sampler_line_changed();
#endif
  }
}

/* A crystal that starts is waited for, but not for ever. */
void board_feed_watchdog(void) {
  if ((crystals_awaited & CRYSTAL_OF_32_MHZ) == 0u) {
    WDT_RR(0u) = WDT_RR_RR_RELOAD;
  }
}

/* The chip resets two ticks of the watchdog, 61 us, after its interrupt. */
void board_watchdog(uint32_t pc) {
  uint32_t awaited = crystals_awaited;
  last_run_record(awaited != 0u ? RUN_CRYSTAL : RUN_WATCHDOG,
                  awaited != 0u ? awaited | crystals_absent : pc);
  for (;;) {
  }
}
