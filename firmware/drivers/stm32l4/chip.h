/* The STM32L4 series' own registers: reference manual RM0351, chapters 5 (PWR), 6 (RCC), 18 (ADC)
 * and 40 (USART). Names are ST's: stm32.h says how they are made. */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define ADC_IRQ 18u

#define FLASH_BASE 0x40022000u
#define FLASH_ACR REGISTER(FLASH_BASE + 0x00u)
#define FLASH_ACR_LATENCY(cycles) ((cycles) << 0)

#define PWR_BASE 0x40007000u
#define PWR_CR1 REGISTER(PWR_BASE + 0x00u)
#define PWR_CR1_DBP (1u << 8) /* lets RCC_BDCR be written */

#define RCC_BASE 0x40021000u
#define RCC_CR REGISTER(RCC_BASE + 0x00u)
#define RCC_CR_MSIRDY (1u << 1)
#define RCC_CR_MSIPLLEN (1u << 2)
#define RCC_CR_MSIRGSEL (1u << 3)
#define RCC_CR_MSIRANGE(range) ((range) << 4)
#define RCC_CR_MSIRANGE_48_MHZ (11u << 4)
#define RCC_AHB2ENR REGISTER(RCC_BASE + 0x4Cu)
#define RCC_AHB2ENR_GPIOAEN (1u << 0)
#define RCC_AHB2ENR_ADCEN (1u << 13)
#define RCC_APB1ENR1 REGISTER(RCC_BASE + 0x58u)
#define RCC_APB1ENR1_TIM2EN (1u << 0)
#define RCC_APB1ENR1_USART2EN (1u << 17)
#define RCC_APB1ENR1_PWREN (1u << 28)
#define RCC_BDCR REGISTER(RCC_BASE + 0x90u)
#define RCC_BDCR_LSEON (1u << 0)
#define RCC_BDCR_LSERDY (1u << 1)
#define RCC_CSR REGISTER(RCC_BASE + 0x94u)
#define RCC_CSR_RMVF (1u << 23)
#define RCC_CSR_IWDGRSTF (1u << 29)

#define GPIO_BASE 0x48000000u
#define GPIO_ASCR(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x2Cu)
#define GPIO_ASCR_ASC(pin) (1u << (pin))

#define USART2_BASE 0x40004400u
#define USART2_CR1 REGISTER(USART2_BASE + 0x00u)
#define USART2_CR1_UE (1u << 0)
#define USART2_CR1_TE (1u << 3)
#define USART2_BRR REGISTER(USART2_BASE + 0x0Cu)
#define USART2_ISR REGISTER(USART2_BASE + 0x1Cu)
#define USART2_ISR_TXE (1u << 7)
#define USART2_TDR REGISTER(USART2_BASE + 0x28u)

#define ADC1_BASE 0x50040000u
#define ADC1_ISR REGISTER(ADC1_BASE + 0x00u)
#define ADC1_ISR_ADRDY (1u << 0)
#define ADC1_ISR_EOC (1u << 2)
#define ADC1_IER REGISTER(ADC1_BASE + 0x04u)
#define ADC1_IER_EOCIE (1u << 2)
#define ADC1_CR REGISTER(ADC1_BASE + 0x08u)
#define ADC1_CR_ADEN (1u << 0)
#define ADC1_CR_ADSTART (1u << 2)
#define ADC1_CR_ADVREGEN (1u << 28)
#define ADC1_CR_ADCAL (1u << 31)
#define ADC1_CFGR REGISTER(ADC1_BASE + 0x0Cu)
#define ADC1_CFGR_EXTSEL_TIM2_TRGO (11u << 6)
#define ADC1_CFGR_EXTEN_RISING (1u << 10)
#define ADC1_CFGR_OVRMOD (1u << 12)
#define ADC1_SMPR1 REGISTER(ADC1_BASE + 0x14u) /* channels 0 to 9 */
#define ADC1_SMPR1_SMP(channel, time) ((time) << (3u * (channel)))
#define ADC1_SMPR2 REGISTER(ADC1_BASE + 0x18u) /* channels 10 to 18 */
#define ADC1_SMPR2_SMP(channel, time) ((time) << (3u * (channel) - 30u))
#define ADC1_SMPR1_SMP_640_5_CYCLES 7u /* 27 us */
#define ADC1_SQR1 REGISTER(ADC1_BASE + 0x30u)
#define ADC1_SQR1_SQ1(channel) ((channel) << 6)
#define ADC1_DR REGISTER(ADC1_BASE + 0x40u)

#define ADC_COMMON_BASE 0x50040300u
#define ADC_COMMON_CCR REGISTER(ADC_COMMON_BASE + 0x08u)
#define ADC_COMMON_CCR_CKMODE_HCLK_BY_2 (2u << 16)

/* What the drivers of both series call it. */
#define RCC_CSR_WATCHDOG RCC_CSR_IWDGRSTF
#define USART_STATUS USART2_ISR
#define USART_TX_EMPTY USART2_ISR_TXE
#define USART_DATA USART2_TDR
#define USART_CLOCK_HZ BOARD_CLOCK_HZ

static inline void chip_reset(void) {
  core_reset();
}

#endif
