#include "nrf.h"

/* The flash waits two cycles a word without its cache. Recent revisions (nRF52840 from build code F on,
 * nRF52832 from G on) lock their debug port at every reset: it is opened again where the UICR allows
 * it (nRF52840 Product Specification v1.7, debug and trace). */
void chip_init(void) {
  NVMC_ICACHECNF = NVMC_ICACHECNF_CACHEEN_ENABLED;
  if (UICR_APPROTECT == UICR_APPROTECT_PALL_HWDISABLED) {
    APPROTECT_DISABLE = APPROTECT_DISABLE_DISABLE_SWDISABLE;
  }
}
