/* The crystals. The one of 32 MHz takes a fifth of a milliampere and more: it runs while somebody
 * needs it. The one of 32.768 kHz always runs (rtc.h).
 *
 * A crystal that does not start ends its first run by the watchdog: the run after that does without
 * it, on the RC oscillators, and says so. */
#ifndef CRYSTAL_H
#define CRYSTAL_H

#include <stdbool.h>
#include <stdint.h>

#define CRYSTAL_OF_32_KHZ (1u << 0)
#define CRYSTAL_OF_32_MHZ (1u << 1)

#define CRYSTAL_FOR_SENDING (1u << 0)
#define CRYSTAL_FOR_RECEIVING (1u << 1)
#define CRYSTAL_FOR_RADIO (1u << 2)

/* The crystals that have been started and do not run yet. Written with interrupts disabled, or from
 * one. */
extern volatile uint32_t crystals_awaited;

/* Those that this run does without: of 32 MHz the RC oscillator stands in, within some percent, but for
 * the radio, which then never gets it. */
extern uint32_t crystals_absent;

/* Whether it runs already; if not, it is started, and crystal_started tells who waits for it. With
 * interrupts disabled, or from one. */
bool crystal_take(uint32_t user);

/* Stops it when nobody else needs it. */
void crystal_release(uint32_t user);

/* It has come up: gives all who waited for it. From the clock's interrupt. */
uint32_t crystal_started(void);

#endif
