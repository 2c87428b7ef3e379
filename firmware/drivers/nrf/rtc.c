#include "rtc.h"

#include "nrf.h"

/* A compare that is two ticks ahead is seen for certain, and the counter may go on in between. */
#define RTC_NEAREST 3u

static volatile bool crystal_runs;

void rtc_init(void) {
  CLOCK_LFCLKSRC = CLOCK_LFCLKSRC_CRYSTAL;
  CLOCK_TASKS_LFCLKSTART = 1;
}

void rtc_start(void) {
  core_disable_interrupts();
  while (!crystal_runs) {
    core_wait_for_interrupt();
    core_enable_interrupts();
    core_disable_interrupts();
  }
  core_enable_interrupts();
  RTC_TASKS_START = 1;
}

void rtc_crystal_runs(void) {
  crystal_runs = true;
}

bool rtc_compare_at(uint32_t channel, uint32_t tick) {
  uint32_t ahead = (tick - RTC_COUNTER) & RTC_MASK;
  if (ahead < RTC_NEAREST || ahead > RTC_MASK / 2u) {
    return false;
  }
  RTC_CC(channel) = tick & RTC_MASK;
  return true;
}
