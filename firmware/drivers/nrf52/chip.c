#include "app_config.h"
#include "nrf.h"

#if defined(BOARD_CHIP_NRF52832)

/* Trimming that a reset does not load: of the RC oscillator (anomaly 31) and of the RAM (anomaly
 * 108, without which the RAM may change in a sleep); and what the radio's own fixes need from
 * revision 2 on (anomaly 182). */
static void apply_errata(void) {
  ERRATUM_31_TO = (ERRATUM_31_FROM & ERRATUM_31_FROM_TRIM(7u)) / ERRATUM_31_FROM_TRIM(1u);
  ERRATUM_108_TO = ERRATUM_108_FROM & ERRATUM_108_FROM_TRIM_BITS;
  if ((ERRATUM_182_REVISION & ERRATUM_182_REVISION_NUMBER(15u)) >=
      ERRATUM_182_REVISION_NUMBER_FIRST) {
    ERRATUM_182_TO |= ERRATUM_182_TO_FIX;
  }
}

#else

/* A sleep may take 350 uA more (anomaly 246). */
static void apply_errata(void) {
  ERRATUM_246_TO = ERRATUM_246_TO_FIX_ON;
}

#endif

/* The flash waits two cycles a word without its cache. Recent revisions (nRF52840 from build code F on,
 * nRF52832 from G on) lock their debug port at every reset: it is opened again where the UICR allows
 * it (nRF52840 Product Specification v1.7, debug and trace). */
void chip_init(void) {
  apply_errata();
  NVMC_ICACHECNF = NVMC_ICACHECNF_CACHEEN_ENABLED;
  if (UICR_APPROTECT == UICR_APPROTECT_PALL_HWDISABLED) {
    APPROTECT_DISABLE = APPROTECT_DISABLE_DISABLE_SWDISABLE;
  }
}
