#ifndef SPIM_H
#define SPIM_H

#include <stdint.h>

/* Connects SPIM1 to the MAX30003's pins. */
void spim_init(void);

/* Begins to exchange `size` bytes; spim_done is called from the interrupt. The arrays are in RAM, and
 * stay as they are until then. */
void spim_exchange(const uint8_t *sent, volatile uint8_t *received, uint32_t size);

/* The same, waiting for the end. Before spim_listen only. */
void spim_exchange_now(const uint8_t *sent, volatile uint8_t *received, uint32_t size);

/* From here on the end of an exchange is an interrupt. */
void spim_listen(void);
void spim_done(void);

#endif
