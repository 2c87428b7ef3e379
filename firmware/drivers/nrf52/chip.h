/* Where the peripherals of the nRF52832 and nRF52840 lie (nRF52840 Product Specification v1.7,
 * 4.2.3). A peripheral's number, bits 12 to 17 of its address, is its interrupt. */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define CLOCK_POWER_IRQ 0u
#define RADIO_IRQ 1u
#define UARTE0_IRQ 2u
#define SPIM_IRQ 4u
#define GPIOTE_IRQ 6u
#define SAADC_IRQ 7u
#define WDT_IRQ 16u
#define RTC_IRQ 17u

#define FICR_BASE 0x10000000u
#define UICR_BASE 0x10001000u
#define CLOCK_BASE 0x40000000u
#define RESET_BASE 0x40000000u /* POWER holds RESETREAS */
#define RADIO_BASE 0x40001000u
#define UARTE_BASE 0x40002000u
#define SPIM_BASE 0x40004000u /* SPIM1 */
#define GPIOTE_BASE 0x40006000u
#define SAADC_BASE 0x40007000u
#define WDT_BASE 0x40010000u
#define RTC_BASE 0x40011000u /* RTC1 */
#define NVMC_BASE 0x4001E000u
#define PPI_BASE 0x4001F000u
#define GPIO_BASE 0x50000500u

#define POFCON REGISTER(CLOCK_BASE + 0x510u)
#define NVMC_ICACHECNF REGISTER(NVMC_BASE + 0x540u)
#define UICR_APPROTECT REGISTER(UICR_BASE + 0x208u)
#define APPROTECT_DISABLE REGISTER(CLOCK_BASE + 0x558u)
#define APPROTECT_OPEN 0x5Au

#define CLOCK_LFCLKSRC_CRYSTAL 1u
#define RESETREAS_LOCKUP (1u << 3)

/* What only this chip needs before anything else. */
void chip_init(void);

static inline void chip_reset(void) {
  core_reset();
}

#endif
