/* STM32: TIM2 triggers the ADC, whose interrupt puts the sample into the ring; text leaves through
 * USART2, which the main loop waits for: 3 ms a line at 115200 baud, well within the ring. */
#include "board.h"

#include "app_config.h"
#include "last_run.h"
#include "stm32.h"

#define TX_PORT (BOARD_UART_TX_PIN / 16u)
#define TX_NUMBER (BOARD_UART_TX_PIN % 16u)
#define IWDG_HZ 500u /* 32 kHz, within 10 %, by 64 */

static void note_reset_reason(void) {
  if ((RCC_CSR & RCC_CSR_WATCHDOG) != 0u) {
    last_run_record(RUN_WATCHDOG, 0); /* IWDG does not say where */
  }
  RCC_CSR = RCC_CSR | RCC_CSR_RMVF;
}

static void start_uart(void) {
#if BOARD_UART_TX_PIN % 16u < 8u
  GPIO_AFRL(TX_PORT) |= GPIO_AFRL_AFRL(TX_NUMBER, GPIO_AFRL_AFRL_USART2);
#else
  GPIO_AFRH(TX_PORT) |= GPIO_AFRH_AFRH(TX_NUMBER, GPIO_AFRL_AFRL_USART2);
#endif
  gpio_mode(BOARD_UART_TX_PIN, GPIO_MODER_MODER_ALTERNATE);
  USART2_BRR = (USART_CLOCK_HZ + BOARD_UART_BAUD / 2u) / BOARD_UART_BAUD;
  USART2_CR1 = USART2_CR1_UE | USART2_CR1_TE;
}

void board_init(void) {
  note_reset_reason();
  clock_start();
  start_uart();
}

static void start_watchdog(void) {
  IWDG_KR = IWDG_KR_KEY_START;
  IWDG_KR = IWDG_KR_KEY_UNLOCK;
  IWDG_PR = IWDG_PR_PR_BY_64;
  IWDG_RLR = BOARD_WATCHDOG_S * IWDG_HZ;
  while (IWDG_SR != 0u) {
  }
  board_feed_watchdog();
}

void board_start(void) {
  start_watchdog();
  gpio_mode(BOARD_ECG_PIN, GPIO_MODER_MODER_ANALOG);
  converter_start();
  core_enable_interrupt(ADC_IRQ);
  TIM2_ARR = (BOARD_CLOCK_HZ + BOARD_FS_HZ / 2u) / BOARD_FS_HZ - 1u;
  TIM2_CR2 = TIM2_CR2_MMS_UPDATE;
  TIM2_CR1 = TIM2_CR1_CEN;
}

void board_feed_watchdog(void) {
  IWDG_KR = IWDG_KR_KEY_RELOAD;
}

void board_write(const char *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    while ((USART_STATUS & USART_TX_EMPTY) == 0u) {
    }
    USART_DATA = (uint32_t)text[i];
  }
}
