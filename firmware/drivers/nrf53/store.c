/* Settings in flash, by the NVMC (nRF5340 Product Specification v1.4, 7.22): a page is erased by
 * writing ones to its first word. The cache is told of what has changed. */
#include "board.h"
#include "store_pages.h"

/* A page takes 87.5 ms in all: in parts of a millisecond, as on the nRF52840. */
#define ERASE_PARTS 92u
#define ERASED 0xFFFFFFFFu

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return STORE_WORD(slot, word);
}

static void write_word(uint32_t slot, uint32_t word, uint32_t value) {
  STORE_WORD(slot, word) = value;
  nvmc_wait();
}

static void leave(void) {
  NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
  CACHE_INVALIDATE = CACHE_INVALIDATE_INVALIDATE_INVALIDATE;
}

void board_store_erase(uint32_t slot) {
  NVMC_ERASEPAGEPARTIALCFG = 1; /* ms */
  NVMC_CONFIG = NVMC_CONFIG_WEN_PEEN;
  for (uint32_t part = 0; part < ERASE_PARTS; part++) {
    write_word(slot, 0, ERASED);
  }
  leave();
}

void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  NVMC_CONFIG = NVMC_CONFIG_WEN_WEN;
  write_word(slot, word, value);
  leave();
}
