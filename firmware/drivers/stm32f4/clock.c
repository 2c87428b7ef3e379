/* The STM32F407 on its 8 MHz crystal: 8 / 4 * 128 / 4 = 64 MHz (RM0090, 7.2.3), APB1 at 32 MHz with
 * its timers at 64. */
#include "app_config.h"
#include "stm32.h"

#if BOARD_CLOCK_HZ != 64000000u
#error "clock_start() sets 64 MHz"
#endif

#define PLL_SETTINGS                                                                               \
  (RCC_PLLCFGR_PLLM(4u) | RCC_PLLCFGR_PLLN(128u) | RCC_PLLCFGR_PLLP_BY_4 | RCC_PLLCFGR_PLLQ(6u) |  \
   RCC_PLLCFGR_PLLSRC)
#define FLASH_AT_64_MHZ (FLASH_ACR_LATENCY(2u) | FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN)

void clock_start(void) {
  RCC_CR |= RCC_CR_HSEON;
  while ((RCC_CR & RCC_CR_HSERDY) == 0u) {
  }
  RCC_PLLCFGR = PLL_SETTINGS;
  RCC_CR |= RCC_CR_PLLON;
  while ((RCC_CR & RCC_CR_PLLRDY) == 0u) {
  }
  FLASH_ACR = FLASH_AT_64_MHZ;
  RCC_CFGR = RCC_CFGR_PPRE1_BY_2 | RCC_CFGR_SW_PLL;
  while ((RCC_CFGR & RCC_CFGR_SWS(3u)) != RCC_CFGR_SWS(RCC_CFGR_SW_PLL)) {
  }
  RCC_AHB1ENR |= (RCC_AHB1ENR_GPIOAEN << (BOARD_UART_TX_PIN / 16u)) |
                 (RCC_AHB1ENR_GPIOAEN << (BOARD_ECG_PIN / 16u));
  RCC_APB1ENR |= RCC_APB1ENR_TIM2EN | RCC_APB1ENR_USART2EN;
  RCC_APB2ENR |= RCC_APB2ENR_ADC1EN;
}
