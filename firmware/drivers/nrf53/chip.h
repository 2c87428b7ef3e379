/* Where the peripherals of the nRF5340's application core lie, in their secure aliases, which is
 * how the core starts (nRF5340 Product Specification v1.4, 7.1.4). */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define UARTE0_IRQ 8u
#define SAADC_IRQ 14u
#define WDT_IRQ 24u

#define CLOCK_BASE 0x50005000u
#define RESET_BASE 0x50005000u
#define UARTE_BASE 0x50008000u
#define SAADC_BASE 0x5000E000u
#define TIMER_BASE 0x5000F000u
#define DPPIC_BASE 0x50017000u
#define WDT_BASE 0x50018000u
#define GPIO_BASE 0x50842500u

#define RESETREAS_LOCKUP (1u << 4)

static inline void chip_reset(void) {
  core_reset();
}

#endif
