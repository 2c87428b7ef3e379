/* The STM32F4 series' own registers: reference manual RM0090, chapters 3 (flash), 7 (RCC), 13 (ADC)
 * and 30 (USART). */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define ADC_IRQ 18u

#define FLASH_ACR REGISTER(0x40023C00u)
#define FLASH_ACR_2_WAIT_STATES (2u | (7u << 8)) /* with both caches and prefetch */

#define RCC_BASE 0x40023800u
#define RCC_CR REGISTER(RCC_BASE + 0x00u)
#define RCC_PLLCFGR REGISTER(RCC_BASE + 0x04u)
#define RCC_CFGR REGISTER(RCC_BASE + 0x08u)
#define RCC_AHB1ENR REGISTER(RCC_BASE + 0x30u)
#define RCC_APB1ENR REGISTER(RCC_BASE + 0x40u)
#define RCC_APB2ENR REGISTER(RCC_BASE + 0x44u)
#define RCC_CSR REGISTER(RCC_BASE + 0x74u)
#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
#define RCC_PLLCFGR_HSE (1u << 22)
#define RCC_CFGR_PLL 2u
#define RCC_CFGR_STATUS (3u << 2)
#define RCC_CFGR_STATUS_PLL (2u << 2)
#define RCC_CFGR_APB1_BY_2 (4u << 10)
#define RCC_AHB1ENR_GPIOA (1u << 0)
#define RCC_APB1ENR_TIM2 (1u << 0)
#define RCC_APB1ENR_USART2 (1u << 17)
#define RCC_APB2ENR_ADC1 (1u << 8)
#define RCC_CSR_CLEAR (1u << 24)

#define GPIO_BASE 0x40020000u

#define USART_BASE 0x40004400u
#define USART_STATUS REGISTER(USART_BASE + 0x00u)
#define USART_DATA REGISTER(USART_BASE + 0x04u)
#define USART_BRR REGISTER(USART_BASE + 0x08u)
#define USART_CR1 REGISTER(USART_BASE + 0x0Cu)
#define USART_ENABLE (1u << 13)
#define USART_CLOCK_HZ (BOARD_CLOCK_HZ / 2u) /* APB1 */

#define ADC_BASE 0x40012000u
#define ADC_SR REGISTER(ADC_BASE + 0x00u)
#define ADC_CR1 REGISTER(ADC_BASE + 0x04u)
#define ADC_CR2 REGISTER(ADC_BASE + 0x08u)
#define ADC_SMPR2 REGISTER(ADC_BASE + 0x10u) /* channels 0 to 9 */
#define ADC_SQR3 REGISTER(ADC_BASE + 0x34u)
#define ADC_DR REGISTER(ADC_BASE + 0x4Cu)
#define ADC_SR_EOC (1u << 1)
#define ADC_CR1_EOCIE (1u << 5)
#define ADC_CR2_ADON (1u << 0)
#define ADC_CR2_TIM2_TRGO ((1u << 28) | (6u << 24)) /* at its rising edge */
#define ADC_SMPR_LONGEST 7u /* 480 cycles, 15 us */

static inline void chip_reset(void) {
  core_reset();
}

#endif
