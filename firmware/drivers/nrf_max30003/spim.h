#ifndef SPIM_H
#define SPIM_H

#include <stdbool.h>
#include <stdint.h>

/* Connects SPIM1 to the MAX30003's pins. */
void spim_init(void);

/* Begins to exchange `size` bytes; its end is an interrupt, spim_interrupt. The arrays are in RAM, and
 * stay as they are until then. */
void spim_exchange(const uint8_t *sent, volatile uint8_t *received, uint32_t size);

/* The same, waiting for the end. Before spim_listen only. */
void spim_exchange_now(const uint8_t *sent, volatile uint8_t *received, uint32_t size);

/* From here on the end of an exchange is an interrupt. */
void spim_listen(void);

/* Whether an exchange has ended; the chip select is then released. From the interrupt. */
bool spim_has_ended(void);

#endif
