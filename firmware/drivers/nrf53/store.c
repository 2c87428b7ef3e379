/* Settings in flash, by the NVMC (nRF5340 Product Specification v1.4, 7.22): a page is erased by
 * writing ones to its first word. The cache is told of what has changed. */
#include "board.h"
#include "store_pages.h"

#define NVMC_ERASEPAGEPARTIALCFG REGISTER(NVMC_BASE + 0x51Cu)
#define NVMC_CONFIG_ERASE_PARTIAL 4u
#define CACHE_INVALIDATE REGISTER(CACHE_BASE + 0x50Cu)

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
  NVMC_CONFIG = NVMC_CONFIG_READ;
  CACHE_INVALIDATE = 1;
}

void board_store_erase(uint32_t slot) {
  NVMC_ERASEPAGEPARTIALCFG = 1; /* ms */
  NVMC_CONFIG = NVMC_CONFIG_ERASE_PARTIAL;
  for (uint32_t part = 0; part < ERASE_PARTS; part++) {
    write_word(slot, 0, ERASED);
  }
  leave();
}

void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  NVMC_CONFIG = NVMC_CONFIG_WRITE;
  write_word(slot, word, value);
  leave();
}
