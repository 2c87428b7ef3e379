/* The STM32L476 on its own MSI oscillator at 48 MHz, held to the 32.768 kHz crystal of the board:
 * within 0.25 % instead of several (RM0351, 6.2.3). */
#include "app_config.h"
#include "stm32.h"

#if BOARD_CLOCK_HZ != 48000000u
#error "clock_start() sets 48 MHz"
#endif

#define WAIT_STATES FLASH_ACR_LATENCY(2u)

void clock_start(void) {
  FLASH_ACR = (FLASH_ACR & ~FLASH_ACR_LATENCY(7u)) | WAIT_STATES;
  while ((FLASH_ACR & FLASH_ACR_LATENCY(7u)) != WAIT_STATES) {
  }
  RCC_APB1ENR1 |= RCC_APB1ENR1_PWREN | RCC_APB1ENR1_TIM2EN | RCC_APB1ENR1_USART2EN;
  RCC_AHB2ENR |= RCC_AHB2ENR_ADCEN | (RCC_AHB2ENR_GPIOAEN << (BOARD_UART_TX_PIN / 16u)) |
                 (RCC_AHB2ENR_GPIOAEN << (BOARD_ECG_PIN / 16u));
  PWR_CR1 |= PWR_CR1_DBP;
  RCC_BDCR |= RCC_BDCR_LSEON;
  while ((RCC_CR & RCC_CR_MSIRDY) == 0u) {
  }
  RCC_CR = (RCC_CR & ~RCC_CR_MSIRANGE(15u)) | RCC_CR_MSIRANGE_48_MHZ | RCC_CR_MSIRGSEL;
  while ((RCC_BDCR & RCC_BDCR_LSERDY) == 0u) {
  }
  RCC_CR |= RCC_CR_MSIPLLEN;
}
