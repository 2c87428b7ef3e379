#include "rtc.h"

#include "app_config.h"
#include "crystal.h"
#include "nrf.h"

/* A compare that is two ticks ahead is seen for certain, and the counter may go on in between. */
#define RTC_NEAREST 3u

/* A boot loader may have left any source running, and none is chosen while one runs; it stops within
 * some ticks of its own. An RC oscillator that is started within half a millisecond of its stop, or of
 * a reset, may not start (nRF52832 anomaly 132). A turn takes six cycles at least. */
#define REST_TURNS (BOARD_CLOCK_HZ / 2000u / 6u)

static void stop_source(void) {
  CLOCK_TASKS_LFCLKSTOP = 1;
  for (uint32_t turn = 0; turn < REST_TURNS; turn++) {
    (void)CLOCK_LFCLKSTAT;
  }
}

void rtc_init(void) {
  bool has_crystal = (crystals_absent & CRYSTAL_OF_32_KHZ) == 0u;
  stop_source();
  CLOCK_EVENTS_LFCLKSTARTED = 0;
  CLOCK_LFCLKSRC = has_crystal ? CLOCK_LFCLKSRC_CRYSTAL : CLOCK_LFCLKSRC_OSCILLATOR;
  crystals_awaited = CRYSTAL_OF_32_KHZ;
  CLOCK_TASKS_LFCLKSTART = 1;
}

void rtc_start(void) {
  core_disable_interrupts();
  while ((crystals_awaited & CRYSTAL_OF_32_KHZ) != 0u) {
    core_wait_for_interrupt();
    core_enable_interrupts();
    core_disable_interrupts();
  }
  core_enable_interrupts();
  RTC_TASKS_START = 1;
}

void rtc_crystal_runs(void) {
  crystals_awaited &= ~CRYSTAL_OF_32_KHZ;
}

bool rtc_compare_at(uint32_t channel, uint32_t tick) {
  uint32_t ahead = (tick - RTC_COUNTER) & RTC_MASK;
  if (ahead < RTC_NEAREST || ahead > RTC_MASK / 2u) {
    return false;
  }
  RTC_CC(channel) = tick & RTC_MASK;
  return true;
}
