/* Where the peripherals of the nRF52832 and nRF52840 lie (nRF52840 Product Specification v1.7,
 * 4.2.3). A peripheral's number, bits 12 to 17 of its address, is its interrupt. */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define UARTE0_IRQ 2u
#define SAADC_IRQ 7u
#define WDT_IRQ 16u

#define CLOCK_BASE 0x40000000u
#define RESET_BASE 0x40000000u /* POWER holds RESETREAS */
#define UARTE_BASE 0x40002000u
#define SAADC_BASE 0x40007000u
#define TIMER_BASE 0x40008000u
#define WDT_BASE 0x40010000u
#define PPI_BASE 0x4001F000u
#define GPIO_BASE 0x50000500u

#define RESETREAS_LOCKUP (1u << 3)

static inline void chip_reset(void) {
  core_reset();
}

#endif
