/* Settings in flash, by the NVMC (nRF52840 Product Specification v1.7, 4.3). */
#include "board.h"
#include "store_pages.h"
#include "supply.h"

/* A page takes 85 ms in all, during which the core stands still. In parts of a millisecond each,
 * interrupts get their turn in between, and no sample waits for longer than that. */
#define ERASE_PARTS 90u

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return STORE_WORD(slot, word);
}

#ifdef BOARD_CHIP_NRF52832

/* The comparator of the supply keeps the flash from being written while it warns. */
static bool begin(uint32_t mode) {
  NVMC_CONFIG = mode;
  return true;
}

static void end(void) {
  NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
}

#else

/* An operation while the comparator warns of the supply stops the core for good (anomaly 242): it is
 * off meanwhile. After a warning nothing is begun until the next erasure; what is then missing in the
 * flash is seen by the application, which reads it back. */
static bool warned;

static bool begin(uint32_t mode) {
  POFCON = POFCON_OFF;
  warned = warned || supply_was_low() || POWER_EVENTS_POFWARN != 0u;
  if (warned) {
    POFCON = POFCON_AT_2_1_V;
    return false;
  }
  NVMC_CONFIG = mode;
  return true;
}

static void end(void) {
  NVMC_CONFIG = NVMC_CONFIG_WEN_REN;
  POFCON = POFCON_AT_2_1_V;
}

#endif

#ifdef BOARD_CHIP_NRF52832

/* Cannot be divided: samples of these 90 ms are lost, and counted. */
void board_store_erase(uint32_t slot) {
  if (begin(NVMC_CONFIG_WEN_EEN)) {
    NVMC_ERASEPAGE = (uint32_t)&STORE_WORD(slot, 0u);
    nvmc_wait();
    end();
  }
}

#else

void board_store_erase(uint32_t slot) {
  warned = false;
  NVMC_ERASEPAGEPARTIALCFG = 1; /* ms */
  for (uint32_t part = 0; part < ERASE_PARTS && begin(NVMC_CONFIG_WEN_EEN); part++) {
    NVMC_ERASEPAGEPARTIAL = (uint32_t)&STORE_WORD(slot, 0u);
    nvmc_wait();
    end();
  }
}

#endif

/* The core stands still for 41 us. */
void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  if (begin(NVMC_CONFIG_WEN_WEN)) {
    STORE_WORD(slot, word) = value;
    nvmc_wait();
    end();
  }
}
