/* The peripherals of the RP2040 that the driver uses, after the RP2040 Datasheet: 2.13 (PSM), 2.14
 * (RESETS), 2.15 (CLOCKS), 2.16 (XOSC), 2.18 (PLL), 2.19 (IO), 4.2 (UART), 4.5 (PWM), 4.7
 * (WATCHDOG) and 4.9 (ADC). */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define PWM_IRQ 4u

/* Writing 1 to an address this far above a register clears that bit, and leaves the others. */
#define CLEAR_BITS(address) REGISTER((address) + 0x3000u)

#define RESETS_RESET_AT 0x4000C000u
#define RESETS_DONE REGISTER(0x4000C008u)
#define RESETS_ADC (1u << 0)
#define RESETS_IO_BANK0 (1u << 5)
#define RESETS_PADS_BANK0 (1u << 8)
#define RESETS_PLL_USB (1u << 13)
#define RESETS_PWM (1u << 14)
#define RESETS_UART0 (1u << 22)

#define CLK_REF_CTRL REGISTER(0x40008030u)
#define CLK_REF_SELECTED REGISTER(0x40008038u)
#define CLK_SYS_CTRL REGISTER(0x4000803Cu)
#define CLK_SYS_SELECTED REGISTER(0x40008044u)
#define CLK_PERI_CTRL REGISTER(0x40008048u)
#define CLK_ADC_CTRL REGISTER(0x40008060u)
#define CLK_REF_XOSC 2u
#define CLK_SYS_AUX_PLL_USB (1u << 5)
#define CLK_SYS_AUX 1u
#define CLK_ENABLE (1u << 11) /* clk_peri from clk_sys, clk_adc from PLL_USB */

#define XOSC_CTRL REGISTER(0x40024000u)
#define XOSC_STATUS REGISTER(0x40024004u)
#define XOSC_STARTUP REGISTER(0x4002400Cu)
#define XOSC_ON 0x00FABAA0u /* the word for "enable", and for 1 to 15 MHz */
#define XOSC_STABLE (1u << 31)

#define PLL_CS REGISTER(0x4002C000u)
#define PLL_PWR_AT 0x4002C004u
#define PLL_FBDIV REGISTER(0x4002C008u)
#define PLL_PRIM REGISTER(0x4002C00Cu)
#define PLL_LOCK (1u << 31)
#define PLL_PWR_OFF ((1u << 5) | (1u << 0))
#define PLL_PWR_DIVIDERS_OFF (1u << 3)

#define IO_CTRL(pin) REGISTER(0x40014004u + 8u * (pin))
#define IO_UART 2u
#define PADS(pin) REGISTER(0x4001C004u + 4u * (pin))
#define PADS_ANALOG (1u << 7) /* output off; input and pulls off too */

#define UART_DR REGISTER(0x40034000u)
#define UART_FR REGISTER(0x40034018u)
#define UART_IBRD REGISTER(0x40034024u)
#define UART_FBRD REGISTER(0x40034028u)
#define UART_LCR_H REGISTER(0x4003402Cu)
#define UART_CR REGISTER(0x40034030u)
#define UART_FR_TX_FULL (1u << 5)
#define UART_LCR_8_BITS_FIFO ((3u << 5) | (1u << 4))
#define UART_CR_TX ((1u << 8) | (1u << 0))

#define ADC_CS REGISTER(0x4004C000u)
#define ADC_RESULT REGISTER(0x4004C004u)
#define ADC_CS_ON (1u << 0)
#define ADC_CS_START_ONCE (1u << 2)
#define ADC_CS_READY (1u << 8)
#define ADC_CS_INPUT(input) ((input) << 12)

#define PWM0_CSR REGISTER(0x40050000u)
#define PWM0_DIV REGISTER(0x40050004u)
#define PWM0_TOP REGISTER(0x40050010u)
#define PWM_INTR REGISTER(0x400500A4u)
#define PWM_INTE REGISTER(0x400500A8u)
#define PWM0_BIT (1u << 0)

#define PSM_WDSEL REGISTER(0x40010008u)
#define PSM_ALL_BUT_OSCILLATORS 0x0001FFFCu
#define WATCHDOG_CTRL REGISTER(0x40058000u)
#define WATCHDOG_LOAD REGISTER(0x40058004u)
#define WATCHDOG_REASON REGISTER(0x40058008u)
#define WATCHDOG_TICK REGISTER(0x4005802Cu)
#define WATCHDOG_TRIGGER (1u << 31)
#define WATCHDOG_ENABLE (1u << 30)
#define WATCHDOG_PAUSE_IN_DEBUG (7u << 24)
#define WATCHDOG_REASON_TIMER (1u << 0)
#define WATCHDOG_TICK_ENABLE (1u << 9)

/* SYSRESETREQ would leave clocks and peripherals as they are; the watchdog resets them too. */
static inline void chip_reset(void) {
  PSM_WDSEL = PSM_ALL_BUT_OSCILLATORS;
  WATCHDOG_CTRL = WATCHDOG_TRIGGER;
}

void pwm_interrupt(void);

#endif
