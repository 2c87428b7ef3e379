/* The STM32F4 series' own registers: reference manual RM0090, chapters 3 (flash), 7 (RCC), 13 (ADC)
 * and 30 (USART). Names are ST's: stm32.h says how they are made. */
#ifndef CHIP_H
#define CHIP_H

#include "cortex_m.h"

#define ADC_IRQ 18u

#define FLASH_BASE 0x40023C00u
#define FLASH_ACR REGISTER(FLASH_BASE + 0x00u)
#define FLASH_ACR_LATENCY(cycles) ((cycles) << 0)
#define FLASH_ACR_PRFTEN (1u << 8)
#define FLASH_ACR_ICEN (1u << 9)
#define FLASH_ACR_DCEN (1u << 10)

#define RCC_BASE 0x40023800u
#define RCC_CR REGISTER(RCC_BASE + 0x00u)
#define RCC_CR_HSION (1u << 0)
#define RCC_CR_HSIRDY (1u << 1)
#define RCC_CR_HSEON (1u << 16)
#define RCC_CR_HSERDY (1u << 17)
#define RCC_CR_PLLON (1u << 24)
#define RCC_CR_PLLRDY (1u << 25)
#define RCC_PLLCFGR REGISTER(RCC_BASE + 0x04u)
#define RCC_PLLCFGR_PLLM(factor) ((factor) << 0)
#define RCC_PLLCFGR_PLLN(factor) ((factor) << 6)
#define RCC_PLLCFGR_PLLP_BY_4 (1u << 16)
#define RCC_PLLCFGR_PLLSRC (1u << 22)
#define RCC_PLLCFGR_PLLQ(factor) ((factor) << 24)
#define RCC_CFGR REGISTER(RCC_BASE + 0x08u)
#define RCC_CFGR_SW_HSI 0u
#define RCC_CFGR_SW_PLL 2u
#define RCC_CFGR_SWS(source) ((source) << 2)
#define RCC_CFGR_PPRE1_BY_2 (4u << 10)
#define RCC_AHB1ENR REGISTER(RCC_BASE + 0x30u)
#define RCC_AHB1ENR_GPIOAEN (1u << 0)
#define RCC_APB1ENR REGISTER(RCC_BASE + 0x40u)
#define RCC_APB1ENR_TIM2EN (1u << 0)
#define RCC_APB1ENR_USART2EN (1u << 17)
#define RCC_APB2ENR REGISTER(RCC_BASE + 0x44u)
#define RCC_APB2ENR_ADC1EN (1u << 8)
#define RCC_CSR REGISTER(RCC_BASE + 0x74u)
#define RCC_CSR_RMVF (1u << 24)
#define RCC_CSR_WDGRSTF (1u << 29)

#define GPIO_BASE 0x40020000u

#define USART2_BASE 0x40004400u
#define USART2_SR REGISTER(USART2_BASE + 0x00u)
#define USART2_SR_TXE (1u << 7)
#define USART2_DR REGISTER(USART2_BASE + 0x04u)
#define USART2_BRR REGISTER(USART2_BASE + 0x08u)
#define USART2_CR1 REGISTER(USART2_BASE + 0x0Cu)
#define USART2_CR1_TE (1u << 3)
#define USART2_CR1_UE (1u << 13)

#define ADC1_BASE 0x40012000u
#define ADC1_SR REGISTER(ADC1_BASE + 0x00u)
#define ADC1_SR_EOC (1u << 1)
#define ADC1_CR1 REGISTER(ADC1_BASE + 0x04u)
#define ADC1_CR1_EOCIE (1u << 5)
#define ADC1_CR2 REGISTER(ADC1_BASE + 0x08u)
#define ADC1_CR2_ADON (1u << 0)
#define ADC1_CR2_EXTSEL_TIM2_TRGO (6u << 24)
#define ADC1_CR2_EXTEN_RISING (1u << 28)
#define ADC1_SMPR2 REGISTER(ADC1_BASE + 0x10u) /* channels 0 to 9 */
#define ADC1_SMPR2_SMP(channel, time) ((time) << (3u * (channel)))
#define ADC1_SMPR2_SMP_480_CYCLES 7u /* 15 us */
#define ADC1_SQR3 REGISTER(ADC1_BASE + 0x34u)
#define ADC1_SQR3_SQ1(channel) ((channel) << 0)
#define ADC1_DR REGISTER(ADC1_BASE + 0x4Cu)

/* What the drivers of both series call it. */
#define RCC_CSR_WATCHDOG RCC_CSR_WDGRSTF
#define USART_STATUS USART2_SR
#define USART_TX_EMPTY USART2_SR_TXE
#define USART_DATA USART2_DR
#define USART_CLOCK_HZ (BOARD_CLOCK_HZ / 2u) /* APB1 */

static inline void chip_reset(void) {
  core_reset();
}

#endif
