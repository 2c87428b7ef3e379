#include "nrf.h"

/* The flash waits two cycles a word without its cache. */
void chip_init(void) {
  NVMC_ICACHECNF = 1;
}
