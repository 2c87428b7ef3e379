#include "nrf.h"

#define TRIM_ENTRIES 32u
#define TRIM_END 0xFFFFFFFFu
#define START_TURNS 100000u /* some ten milliseconds; the clock asked for takes less than one */

/* What production measured of this chip. A reset does not load it (nRF5340 Product Specification
 * v1.4, FICR). */
static void load_trimming(void) {
  for (uint32_t entry = 0; entry < TRIM_ENTRIES && FICR_TRIMCNF_ADDR(entry) != TRIM_END; entry++) {
    FICR_TRIMCNF_TARGET(entry) = FICR_TRIMCNF_DATA(entry);
  }
}

/* Anomaly 140: a reset in the midst of the RC oscillator's calibration leaves it stuck, until another
 * source has run once. */
static void free_oscillator(void) {
  if ((ERRATUM_140_CALIBRATION & ERRATUM_140_CALIBRATION_ACTIVE) == 0u) {
    return;
  }
  CLOCK_LFCLKSRC = CLOCK_LFCLKSRC_SRC_LFSYNT;
  CLOCK_TASKS_LFCLKSTART = 1;
  for (uint32_t turn = 0; turn < START_TURNS && CLOCK_EVENTS_LFCLKSTARTED == 0u; turn++) {
  }
  CLOCK_EVENTS_LFCLKSTARTED = 0;
  CLOCK_TASKS_LFCLKSTOP = 1;
}

/* Anomaly 160: the supply's regulator may let the core down after a sleep. */
static void set_regulator(void) {
  if (ERRATUM_REVISION < ERRATUM_REVISION_NUMBER_REVISION_1) {
    return;
  }
  ERRATUM_160_TO_A = ERRATUM_160_TO_A_VALUE_FIX;
  ERRATUM_160_TO_B = ERRATUM_160_TO_B_VALUE_FIX;
  ERRATUM_160_TO_C = ERRATUM_160_TO_C_VALUE_FIX;
  ERRATUM_160_TO_D = 0;
  ERRATUM_160_TO_E = 0;
  ERRATUM_160_TO_F = 0;
  ERRATUM_160_TO_G = 0;
  ERRATUM_160_TO_H = 0;
  ERRATUM_160_TO_I = 0;
}

/* The 32.768 kHz crystal's pins belong to it only when they are told (nRF5340 Product
 * Specification v1.4, 7.10), and the flash waits without its cache. */
void chip_init(void) {
  load_trimming();
  free_oscillator();
  set_regulator();
  CACHE_ENABLE = CACHE_ENABLE_ENABLE_ENABLED;
  GPIO_PIN_CNF(0u) = GPIO_PIN_CNF_MCUSEL_PERIPHERAL;
  GPIO_PIN_CNF(1u) = GPIO_PIN_CNF_MCUSEL_PERIPHERAL;
}
