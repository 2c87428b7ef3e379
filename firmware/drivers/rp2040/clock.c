/* The RP2040 on its 12 MHz crystal and the USB PLL: 12 * 100 / 5 / 5 = 48 MHz, for the core, the
 * peripherals and the ADC alike (RP2040 Datasheet, 2.15 to 2.18). */
#include "clock.h"

#include "app_config.h"
#include "chip.h"

#if BOARD_CLOCK_HZ != 48000000u
#error "clock_start() sets 48 MHz"
#endif

#define XOSC_STARTUP_1_MS 47u /* times 256 cycles */
#define PLL_MULTIPLIER 100u
#define PLL_DIVIDERS ((5u << 16) | (5u << 12))
#define RESETS_USED                                                                                \
  (RESETS_ADC | RESETS_IO_BANK0 | RESETS_PADS_BANK0 | RESETS_PLL_USB | RESETS_PWM | RESETS_UART0)

static void start_crystal(void) {
  XOSC_STARTUP = XOSC_STARTUP_1_MS;
  XOSC_CTRL = XOSC_ON;
  while ((XOSC_STATUS & XOSC_STABLE) == 0u) {
  }
  CLK_REF_CTRL = CLK_REF_XOSC;
  while (CLK_REF_SELECTED != 1u << CLK_REF_XOSC) {
  }
}

static void start_pll(void) {
  PLL_CS = 1; /* the crystal as it is */
  PLL_FBDIV = PLL_MULTIPLIER;
  CLEAR_BITS(PLL_PWR_AT) = PLL_PWR_OFF;
  while ((PLL_CS & PLL_LOCK) == 0u) {
  }
  PLL_PRIM = PLL_DIVIDERS;
  CLEAR_BITS(PLL_PWR_AT) = PLL_PWR_DIVIDERS_OFF;
}

void clock_start(void) {
  start_crystal();
  CLEAR_BITS(RESETS_RESET_AT) = RESETS_USED & ~RESETS_UART0 & ~RESETS_ADC;
  while ((RESETS_DONE & RESETS_PLL_USB) == 0u) {
  }
  start_pll();
  CLK_SYS_CTRL = CLK_SYS_AUX_PLL_USB; /* before it is switched to */
  CLK_SYS_CTRL = CLK_SYS_AUX_PLL_USB | CLK_SYS_AUX;
  while (CLK_SYS_SELECTED != 1u << CLK_SYS_AUX) {
  }
  CLK_PERI_CTRL = CLK_ENABLE;
  CLK_ADC_CTRL = CLK_ENABLE;
  CLEAR_BITS(RESETS_RESET_AT) = RESETS_USED;
  while ((RESETS_DONE & RESETS_USED) != RESETS_USED) {
  }
}
