/* The STM32L4 series' own registers: reference manual RM0351, chapters 5 (PWR), 6 (RCC), 18 (ADC)
 * and 40 (USART). */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define ADC_IRQ 18u

#define FLASH_ACR REGISTER(0x40022000u)
#define FLASH_ACR_2_WAIT_STATES 2u

#define PWR_CR1 REGISTER(0x40007000u)
#define PWR_CR1_DBP (1u << 8) /* lets RCC_BDCR be written */

#define RCC_BASE 0x40021000u
#define RCC_CR REGISTER(RCC_BASE + 0x00u)
#define RCC_AHB2ENR REGISTER(RCC_BASE + 0x4Cu)
#define RCC_APB1ENR1 REGISTER(RCC_BASE + 0x58u)
#define RCC_BDCR REGISTER(RCC_BASE + 0x90u)
#define RCC_CSR REGISTER(RCC_BASE + 0x94u)
#define RCC_CR_MSIRDY (1u << 1)
#define RCC_CR_MSIPLLEN (1u << 2)
#define RCC_CR_MSIRGSEL (1u << 3)
#define RCC_CR_MSIRANGE (0xFu << 4)
#define RCC_CR_MSIRANGE_48_MHZ (11u << 4)
#define RCC_AHB2ENR_GPIOA (1u << 0)
#define RCC_AHB2ENR_ADC (1u << 13)
#define RCC_APB1ENR1_TIM2 (1u << 0)
#define RCC_APB1ENR1_USART2 (1u << 17)
#define RCC_APB1ENR1_PWR (1u << 28)
#define RCC_BDCR_LSEON (1u << 0)
#define RCC_BDCR_LSERDY (1u << 1)
#define RCC_CSR_CLEAR (1u << 23)

#define GPIO_BASE 0x48000000u
#define GPIO_ASCR(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x2Cu)

#define USART_BASE 0x40004400u
#define USART_CR1 REGISTER(USART_BASE + 0x00u)
#define USART_BRR REGISTER(USART_BASE + 0x0Cu)
#define USART_STATUS REGISTER(USART_BASE + 0x1Cu)
#define USART_DATA REGISTER(USART_BASE + 0x28u)
#define USART_ENABLE (1u << 0)
#define USART_CLOCK_HZ BOARD_CLOCK_HZ

#define ADC_BASE 0x50040000u
#define ADC_IER REGISTER(ADC_BASE + 0x04u)
#define ADC_ISR REGISTER(ADC_BASE + 0x00u)
#define ADC_CR REGISTER(ADC_BASE + 0x08u)
#define ADC_CFGR REGISTER(ADC_BASE + 0x0Cu)
#define ADC_SMPR(group) REGISTER(ADC_BASE + 0x14u + 4u * (group))
#define ADC_SQR1 REGISTER(ADC_BASE + 0x30u)
#define ADC_DR REGISTER(ADC_BASE + 0x40u)
#define ADC_CCR REGISTER(ADC_BASE + 0x308u)
#define ADC_ISR_ADRDY (1u << 0)
#define ADC_ISR_EOC (1u << 2)
#define ADC_IER_EOC (1u << 2)
#define ADC_CR_ADEN (1u << 0)
#define ADC_CR_ADSTART (1u << 2)
#define ADC_CR_ADVREGEN (1u << 28)
#define ADC_CR_ADCAL (1u << 31)
#define ADC_CFGR_TIM2_TRGO ((1u << 10) | (11u << 6)) /* at its rising edge */
#define ADC_CFGR_OVERWRITE (1u << 12)
#define ADC_SMPR_LONGEST 7u /* 640.5 cycles, 27 us */
#define ADC_SQR1_FIRST(channel) ((channel) << 6)
#define ADC_CCR_HCLK_2 (2u << 16)

static inline void chip_reset(void) {
  core_reset();
}

#endif
