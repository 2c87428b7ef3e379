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

/* Takes over what the run before this one has found out. */
void crystal_init(void);

/* The crystals that this run does without. */
uint32_t crystal_absent(void);

/* Whether the one of 32 MHz is waited for. */
bool crystal_starts(void);

/* Whether it runs already; if not, it is started, and crystal_started tells who waits for it. With
 * interrupts disabled, or from one. Where it is absent the RC oscillator stands in for it, within
 * some percent, but for the radio, which then never gets it. */
bool crystal_take(uint32_t user);

/* Stops it when nobody else needs it. */
void crystal_release(uint32_t user);

/* It has come up: gives all who waited for it. From the clock's interrupt. */
uint32_t crystal_started(void);

#endif
