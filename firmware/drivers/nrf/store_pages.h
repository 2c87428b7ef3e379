/* The settings' two slots: a page of the flash each. 4 kB in all chips of the series (nRF52840
 * Product Specification v1.7, 4.3; nRF5340 v1.4, 7.22). */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include "app_config.h"
#include "nrf.h"

#define STORE_PAGE_BYTES 4096u
#define STORE_WORD(slot, word)                                                                     \
  REGISTER(BOARD_STORE_ADDRESS + (slot) * STORE_PAGE_BYTES + 4u * (word))

static inline void nvmc_wait(void) {
  while ((NVMC_READY & NVMC_READY_READY_READY) == 0u) {
  }
}

#endif
