#include "nrf.h"

#define PIN_OF_PERIPHERAL (3u << 28)

/* The 32.768 kHz crystal's pins belong to it only when they are told (nRF5340 Product
 * Specification v1.4, 7.10), and the flash waits without its cache. */
void chip_init(void) {
  CACHE_ENABLE = 1;
  GPIO_PIN_CNF(0u) = PIN_OF_PERIPHERAL;
  GPIO_PIN_CNF(1u) = PIN_OF_PERIPHERAL;
}
