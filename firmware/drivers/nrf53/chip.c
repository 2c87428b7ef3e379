#include "nrf.h"

/* The 32.768 kHz crystal's pins belong to it only when they are told (nRF5340 Product
 * Specification v1.4, 7.10), and the flash waits without its cache. */
void chip_init(void) {
  CACHE_ENABLE = CACHE_ENABLE_ENABLE_ENABLED;
  GPIO_PIN_CNF(0u) = GPIO_PIN_CNF_MCUSEL_PERIPHERAL;
  GPIO_PIN_CNF(1u) = GPIO_PIN_CNF_MCUSEL_PERIPHERAL;
}
