/* The STM32F407 on its 8 MHz crystal: 8 / 4 * 128 / 4 = 64 MHz (RM0090, 7.2.3), APB1 at 32 MHz with
 * its timers at 64. */
#include "app_config.h"
#include "stm32.h"

#if BOARD_CLOCK_HZ != 64000000u
#error "clock_start() sets 64 MHz"
#endif

#define PLL_M 4u
#define PLL_N (128u << 6)
#define PLL_P_4 (1u << 16)
#define PLL_Q (6u << 24) /* unused, but has to be at least 2 */

void clock_start(void) {
  RCC_CR |= RCC_CR_HSEON;
  while ((RCC_CR & RCC_CR_HSERDY) == 0u) {
  }
  RCC_PLLCFGR = PLL_M | PLL_N | PLL_P_4 | PLL_Q | RCC_PLLCFGR_HSE;
  RCC_CR |= RCC_CR_PLLON;
  while ((RCC_CR & RCC_CR_PLLRDY) == 0u) {
  }
  FLASH_ACR = FLASH_ACR_2_WAIT_STATES;
  RCC_CFGR = RCC_CFGR_APB1_BY_2 | RCC_CFGR_PLL;
  while ((RCC_CFGR & RCC_CFGR_STATUS) != RCC_CFGR_STATUS_PLL) {
  }
  RCC_AHB1ENR |= (RCC_AHB1ENR_GPIOA << (BOARD_UART_TX_PIN / 16u)) |
                 (RCC_AHB1ENR_GPIOA << (BOARD_ECG_PIN / 16u));
  RCC_APB1ENR |= RCC_APB1ENR_TIM2 | RCC_APB1ENR_USART2;
  RCC_APB2ENR |= RCC_APB2ENR_ADC1;
}
