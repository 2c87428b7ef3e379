/* The peripherals of the RP2040 that the driver uses, after the RP2040 Datasheet: 2.13 (PSM), 2.14
 * (RESETS), 2.15 (CLOCKS), 2.16 (XOSC), 2.18 (PLL), 2.19 (IO), 4.2 (UART), 4.5 (PWM), 4.7
 * (WATCHDOG) and 4.9 (ADC).
 *
 * Names are those of Raspberry Pi's SDK: of a register behind its peripheral's, of a field's bit, or of the
 * function that puts a value into a field, behind its register's, of a value in its place behind its
 * field's. tests/firmware/test_registers.py looks each up in Raspberry Pi's own tables. */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define PWM_IRQ 4u

#define PSM_BASE 0x40010000u
#define RESETS_BASE 0x4000C000u
#define CLOCKS_BASE 0x40008000u
#define XOSC_BASE 0x40024000u
#define PLL_USB_BASE 0x4002C000u
#define IO_BANK0_BASE 0x40014000u
#define PADS_BANK0_BASE 0x4001C000u
#define UART0_BASE 0x40034000u
#define ADC_BASE 0x4004C000u
#define PWM_BASE 0x40050000u
#define WATCHDOG_BASE 0x40058000u

/* Writing 1 to an address this far above a register clears that bit, and leaves the others. */
#define CLEAR_BITS_AT 0x3000u
#define CLEAR_BITS(reg) REGISTER((uint32_t)&(reg) + CLEAR_BITS_AT)

#define RESETS_RESET REGISTER(RESETS_BASE + 0x0u)
#define RESETS_RESET_ADC (1u << 0)
#define RESETS_RESET_IO_BANK0 (1u << 5)
#define RESETS_RESET_PADS_BANK0 (1u << 8)
#define RESETS_RESET_PLL_USB (1u << 13)
#define RESETS_RESET_PWM (1u << 14)
#define RESETS_RESET_UART0 (1u << 22)
#define RESETS_RESET_DONE REGISTER(RESETS_BASE + 0x8u)

#define CLOCKS_CLK_REF_CTRL REGISTER(CLOCKS_BASE + 0x30u)
#define CLOCKS_CLK_REF_CTRL_SRC_XOSC_CLKSRC 2u
#define CLOCKS_CLK_REF_SELECTED REGISTER(CLOCKS_BASE + 0x38u)
#define CLOCKS_CLK_SYS_CTRL REGISTER(CLOCKS_BASE + 0x3Cu)
#define CLOCKS_CLK_SYS_CTRL_SRC_CLKSRC_CLK_SYS_AUX 1u
#define CLOCKS_CLK_SYS_CTRL_AUXSRC_CLKSRC_PLL_USB (1u << 5)
#define CLOCKS_CLK_SYS_SELECTED REGISTER(CLOCKS_BASE + 0x44u)
#define CLOCKS_CLK_PERI_CTRL REGISTER(CLOCKS_BASE + 0x48u)
#define CLOCKS_CLK_PERI_CTRL_AUXSRC_CLK_SYS (0u << 5)
#define CLOCKS_CLK_PERI_CTRL_ENABLE (1u << 11)
#define CLOCKS_CLK_ADC_CTRL REGISTER(CLOCKS_BASE + 0x60u)
#define CLOCKS_CLK_ADC_CTRL_AUXSRC_CLKSRC_PLL_USB (0u << 5)
#define CLOCKS_CLK_ADC_CTRL_ENABLE (1u << 11)

#define XOSC_CTRL REGISTER(XOSC_BASE + 0x00u)
#define XOSC_CTRL_FREQ_RANGE_1_15MHZ 0xAA0u
#define XOSC_CTRL_ENABLE_ENABLE (0xFABu << 12)
#define XOSC_STATUS REGISTER(XOSC_BASE + 0x04u)
#define XOSC_STATUS_STABLE (1u << 31)
#define XOSC_STARTUP REGISTER(XOSC_BASE + 0x0Cu)

#define PLL_USB_CS REGISTER(PLL_USB_BASE + 0x0u)
#define PLL_USB_CS_REFDIV(factor) ((factor) << 0)
#define PLL_USB_CS_LOCK (1u << 31)
#define PLL_USB_PWR REGISTER(PLL_USB_BASE + 0x4u)
#define PLL_USB_PWR_PD (1u << 0)
#define PLL_USB_PWR_POSTDIVPD (1u << 3)
#define PLL_USB_PWR_VCOPD (1u << 5)
#define PLL_USB_FBDIV_INT REGISTER(PLL_USB_BASE + 0x8u)
#define PLL_USB_PRIM REGISTER(PLL_USB_BASE + 0xCu)
#define PLL_USB_PRIM_POSTDIV1(factor) ((factor) << 16)
#define PLL_USB_PRIM_POSTDIV2(factor) ((factor) << 12)

#define IO_BANK0_GPIO_CTRL(pin) REGISTER(IO_BANK0_BASE + 0x4u + 8u * (pin))
#define IO_BANK0_GPIO_CTRL_FUNCSEL_UART0_TX 2u
#define PADS_BANK0_GPIO(pin) REGISTER(PADS_BANK0_BASE + 0x4u + 4u * (pin))
#define PADS_BANK0_GPIO_OD (1u << 7)

#define UART0_UARTDR REGISTER(UART0_BASE + 0x00u)
#define UART0_UARTFR REGISTER(UART0_BASE + 0x18u)
#define UART0_UARTFR_TXFF (1u << 5)
#define UART0_UARTIBRD REGISTER(UART0_BASE + 0x24u)
#define UART0_UARTFBRD REGISTER(UART0_BASE + 0x28u)
#define UART0_UARTLCR_H REGISTER(UART0_BASE + 0x2Cu)
#define UART0_UARTLCR_H_FEN (1u << 4)
#define UART0_UARTLCR_H_WLEN_8_BITS (3u << 5)
#define UART0_UARTCR REGISTER(UART0_BASE + 0x30u)
#define UART0_UARTCR_UARTEN (1u << 0)
#define UART0_UARTCR_TXE (1u << 8)

#define ADC_CS REGISTER(ADC_BASE + 0x0u)
#define ADC_CS_EN (1u << 0)
#define ADC_CS_START_ONCE (1u << 2)
#define ADC_CS_READY (1u << 8)
#define ADC_CS_AINSEL(input) ((input) << 12)
#define ADC_RESULT REGISTER(ADC_BASE + 0x4u)

#define PWM_CH0_CSR REGISTER(PWM_BASE + 0x00u)
#define PWM_CH0_CSR_EN (1u << 0)
#define PWM_CH0_DIV REGISTER(PWM_BASE + 0x04u)
#define PWM_CH0_DIV_INT(factor) ((factor) << 4)
#define PWM_CH0_TOP REGISTER(PWM_BASE + 0x10u)
#define PWM_INTR REGISTER(PWM_BASE + 0xA4u)
#define PWM_INTR_CH0 (1u << 0)
#define PWM_INTE REGISTER(PWM_BASE + 0xA8u)
#define PWM_INTE_CH0 (1u << 0)

#define PSM_WDSEL REGISTER(PSM_BASE + 0x8u)
#define PSM_WDSEL_CLOCKS (1u << 2)
#define PSM_WDSEL_PROC1 (1u << 16)
/* From the clocks to the second core all stages in between, but neither oscillator. */
#define PSM_ALL_BUT_OSCILLATORS (2u * PSM_WDSEL_PROC1 - PSM_WDSEL_CLOCKS)
#define WATCHDOG_CTRL REGISTER(WATCHDOG_BASE + 0x00u)
#define WATCHDOG_CTRL_PAUSE_JTAG (1u << 24)
#define WATCHDOG_CTRL_PAUSE_DBG0 (1u << 25)
#define WATCHDOG_CTRL_PAUSE_DBG1 (1u << 26)
#define WATCHDOG_CTRL_ENABLE (1u << 30)
#define WATCHDOG_CTRL_TRIGGER (1u << 31)
#define WATCHDOG_LOAD REGISTER(WATCHDOG_BASE + 0x04u)
#define WATCHDOG_REASON REGISTER(WATCHDOG_BASE + 0x08u)
#define WATCHDOG_REASON_TIMER (1u << 0)
#define WATCHDOG_TICK REGISTER(WATCHDOG_BASE + 0x2Cu)
#define WATCHDOG_TICK_CYCLES(cycles) ((cycles) << 0)
#define WATCHDOG_TICK_ENABLE (1u << 9)

/* SYSRESETREQ would leave clocks and peripherals as they are; the watchdog resets them too. */
static inline void chip_reset(void) {
  PSM_WDSEL = PSM_ALL_BUT_OSCILLATORS;
  WATCHDOG_CTRL = WATCHDOG_CTRL_TRIGGER;
}

void pwm_interrupt(void);

#endif
