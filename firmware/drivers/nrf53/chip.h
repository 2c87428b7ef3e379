/* Where the peripherals of the nRF5340's application core lie, in their secure aliases, which is
 * how the core starts (nRF5340 Product Specification v1.4, 7.1.4). */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define CLOCK_POWER_IRQ 5u
#define UARTE0_IRQ 8u
#define SPIM_IRQ 9u
#define GPIOTE_IRQ 13u
#define SAADC_IRQ 14u
#define RTC_IRQ 21u
#define WDT_IRQ 24u

#define CACHE_BASE 0x50001000u
#define REGULATORS_BASE 0x50004000u
#define CLOCK_BASE 0x50005000u
#define RESET_BASE 0x50005000u
#define UARTE_BASE 0x50008000u
#define SPIM_BASE 0x50009000u /* SPIM1 */
#define GPIOTE_BASE 0x5000D000u
#define SAADC_BASE 0x5000E000u
#define RTC_BASE 0x50015000u /* RTC1 */
#define DPPIC_BASE 0x50017000u
#define WDT_BASE 0x50018000u
#define NVMC_BASE 0x50039000u
#define GPIO_BASE 0x50842500u

#define POFCON REGISTER(REGULATORS_BASE + 0x510u)
#define CACHE_ENABLE REGISTER(CACHE_BASE + 0x500u)

#define CLOCK_LFCLKSRC_CRYSTAL 2u
#define RESETREAS_LOCKUP (1u << 4)

/* What only this chip needs before anything else. */
void chip_init(void);

static inline void chip_reset(void) {
  core_reset();
}

#endif
