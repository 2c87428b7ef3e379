/* Settings in flash, by the NVMC (nRF52840 Product Specification v1.7, 4.3). */
#include "board.h"
#include "store_pages.h"
#include "supply.h"

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return STORE_WORD(slot, word);
}

/* An operation while the comparator warns of the supply stops the core for good (nRF52840 anomaly
 * 242): it is off meanwhile. After a warning nothing is begun, to the last word of what is being stored;
 * what is then missing in the flash is seen by the application, which reads it back. */
static bool operate(uint32_t mode, volatile uint32_t *where, uint32_t value) {
  POFCON = POFCON_OFF;
  if (!supply_warned) {
    NVMC_CONFIG = mode;
    *where = value;
    nvmc_wait();
    NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
  }
  POFCON = POFCON_AT_2_1_V;
  return !supply_warned;
}

/* A page takes 85 ms in all, during which the core stands still. In parts of a millisecond each,
 * interrupts get their turn in between, and no sample waits for longer than that. On the nRF52832 it
 * cannot be divided: samples of 90 ms are lost, and counted. */
void board_store_erase(uint32_t slot) {
  uint32_t page = (uint32_t)&STORE_WORD(slot, 0u);
#ifdef BOARD_CHIP_NRF52832
  (void)operate(NVMC_CONFIG_WEN_EEN, &NVMC_ERASEPAGE, page);
#else
  uint32_t parts = 90;
  NVMC_ERASEPAGEPARTIALCFG = 1; /* ms */
  while (parts > 0u && operate(NVMC_CONFIG_WEN_EEN, &NVMC_ERASEPAGEPARTIAL, page)) {
    parts--;
  }
#endif
}

/* The core stands still for 41 us. */
void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  (void)operate(NVMC_CONFIG_WEN_WEN, &STORE_WORD(slot, word), value);
  if (word == BOARD_STORE_WORDS - 1u) {
    supply_warned = false;
  }
}
