/* The RP2040: a PWM slice wraps BOARD_FS_HZ times a second, and its interrupt takes the sample of
 * the last period and starts the next, so that samples are a period apart to the cycle. Text leaves
 * through UART0, which the main loop waits for. */
#include "board.h"

#include "app_config.h"
#include "chip.h"
#include "clock.h"
#include "last_run.h"
#include "rails.h"
#include "sample_ring.h"

#define PWM_DIVIDER 16u
#define PWM_HZ (BOARD_CLOCK_HZ / PWM_DIVIDER)
#define XOSC_MHZ 12u
#define WATCHDOG_COUNTS_PER_S 2000000u /* it counts twice a microsecond: erratum RP2040-E1 */

static void start_uart(void) {
  uint32_t divider_64 = (BOARD_CLOCK_HZ * 4u + BOARD_UART_BAUD / 2u) / BOARD_UART_BAUD;
  IO_BANK0_GPIO_CTRL(BOARD_UART_TX_PIN) = IO_BANK0_GPIO_CTRL_FUNCSEL_UART0_TX;
  UART0_UARTIBRD = divider_64 / 64u;
  UART0_UARTFBRD = divider_64 % 64u;
  UART0_UARTLCR_H = UART0_UARTLCR_H_WLEN_8_BITS | UART0_UARTLCR_H_FEN;
  UART0_UARTCR = UART0_UARTCR_UARTEN | UART0_UARTCR_TXE;
}

void board_init(void) {
  if ((WATCHDOG_REASON & WATCHDOG_REASON_TIMER) != 0u) {
    last_run_record(RUN_WATCHDOG, 0); /* it does not say where */
  }
  clock_start();
  start_uart();
}

static void start_watchdog(void) {
  PSM_WDSEL = PSM_ALL_BUT_OSCILLATORS;
  WATCHDOG_TICK = WATCHDOG_TICK_ENABLE | WATCHDOG_TICK_CYCLES(XOSC_MHZ);
  board_feed_watchdog();
  WATCHDOG_CTRL = WATCHDOG_CTRL_ENABLE | WATCHDOG_CTRL_PAUSE_JTAG | WATCHDOG_CTRL_PAUSE_DBG0 |
                  WATCHDOG_CTRL_PAUSE_DBG1;
}

static void start_conversion(void) {
  ADC_CS = ADC_CS_AINSEL(BOARD_ECG_INPUT) | ADC_CS_START_ONCE | ADC_CS_EN;
}

static void start_converter(void) {
  PADS_BANK0_GPIO(BOARD_ECG_PIN) = PADS_BANK0_GPIO_OD; /* input and pulls off, too */
  ADC_CS = ADC_CS_EN;
  while ((ADC_CS & ADC_CS_READY) == 0u) {
  }
  start_conversion();
}

void board_start(void) {
  start_watchdog();
  start_converter();
  PWM_CH0_DIV = PWM_CH0_DIV_INT(PWM_DIVIDER);
  PWM_CH0_TOP = (PWM_HZ + BOARD_FS_HZ / 2u) / BOARD_FS_HZ - 1u;
  PWM_INTE = PWM_INTE_CH0;
  core_enable_interrupt(PWM_IRQ);
  PWM_CH0_CSR = PWM_CH0_CSR_EN;
}

void pwm_interrupt(void) {
  PWM_INTR = PWM_INTR_CH0;
  sample_ring_put(rails_sample_12_bits(ADC_RESULT));
  start_conversion();
}

void board_feed_watchdog(void) {
  WATCHDOG_LOAD = BOARD_WATCHDOG_S * WATCHDOG_COUNTS_PER_S;
}

void board_write(const char *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    while ((UART0_UARTFR & UART0_UARTFR_TXFF) != 0u) {
    }
    UART0_UARTDR = (uint32_t)text[i];
  }
}
