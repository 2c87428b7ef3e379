/* Settings in flash, by the NVMC (nRF52840 Product Specification v1.7, 4.3). */
#include "board.h"
#include "store_pages.h"

/* A page takes 85 ms in all, during which the core stands still. In parts of a millisecond each,
 * interrupts get their turn in between, and no sample waits for longer than that. */
#define ERASE_PARTS 90u

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return STORE_WORD(slot, word);
}

void board_store_erase(uint32_t slot) {
  uint32_t page = (uint32_t)&STORE_WORD(slot, 0u);
  NVMC_CONFIG = NVMC_CONFIG_WEN_EEN;
#ifdef BOARD_CHIP_NRF52832
  NVMC_ERASEPAGE = page; /* cannot be divided: samples of these 90 ms are lost, and counted */
  nvmc_wait();
#else
  NVMC_ERASEPAGEPARTIALCFG = 1; /* ms */
  for (uint32_t part = 0; part < ERASE_PARTS; part++) {
    NVMC_ERASEPAGEPARTIAL = page;
    nvmc_wait();
  }
#endif
  NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
}

/* The core stands still for 41 us. */
void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  NVMC_CONFIG = NVMC_CONFIG_WEN_WEN;
  STORE_WORD(slot, word) = value;
  nvmc_wait();
  NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
}
