/* The RTC on the 32.768 kHz crystal: the only clock that never stops, 24 bits of it. */
#ifndef RTC_H
#define RTC_H

#include <stdbool.h>
#include <stdint.h>

#define RTC_HZ 32768u
#define RTC_MASK 0xFFFFFFu

#define RTC_SAMPLE 0u /* channels */
#define RTC_ADVERT 1u

/* Starts the crystal, or the RC oscillator where that is absent; it comes up by itself, within half a
 * second. */
void rtc_init(void);

/* Waits for the crystal, asleep, and starts to count. */
void rtc_start(void);

/* It is there. From its interrupt. */
void rtc_crystal_runs(void);

/* Lets a channel compare at `tick`. False, and nothing is set, where that is past or too near. */
bool rtc_compare_at(uint32_t channel, uint32_t tick);

#endif
