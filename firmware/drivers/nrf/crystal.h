/* The 32 MHz crystal takes a fifth of a milliampere and more: it runs while somebody needs it. */
#ifndef CRYSTAL_H
#define CRYSTAL_H

#include <stdbool.h>
#include <stdint.h>

#define CRYSTAL_FOR_SENDING (1u << 0)
#define CRYSTAL_FOR_RECEIVING (1u << 1)
#define CRYSTAL_FOR_RADIO (1u << 2)

/* Whether it runs already; if not, it is started, and crystal_started tells who waits for it. With
 * interrupts disabled, or from one. */
bool crystal_take(uint32_t user);

/* Stops it when nobody else needs it. */
void crystal_release(uint32_t user);

/* It has come up: gives all its users. From the clock's interrupt. */
uint32_t crystal_started(void);

#endif
