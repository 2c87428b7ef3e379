/* What the STM32L4 and STM32F4 series have in common: GPIO, TIM2 and IWDG (reference manuals RM0351
 * and RM0090, chapters of those names). chip.h has what differs. */
#ifndef STM32_H
#define STM32_H

#include "chip.h"

#define GPIO_MODER(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x00u)
#define GPIO_AFR(port, half) REGISTER(GPIO_BASE + 0x400u * (port) + 0x20u + 4u * (half))
#define GPIO_ALTERNATE 2u
#define GPIO_ANALOG 3u
#define GPIO_AF_USART2 7u

#define TIM2_BASE 0x40000000u
#define TIM2_CR1 REGISTER(TIM2_BASE + 0x00u)
#define TIM2_CR2 REGISTER(TIM2_BASE + 0x04u)
#define TIM2_ARR REGISTER(TIM2_BASE + 0x2Cu)
#define TIM_CR1_CEN (1u << 0)
#define TIM_CR2_MMS_UPDATE (2u << 4) /* TRGO at each update */

#define IWDG_BASE 0x40003000u
#define IWDG_KR REGISTER(IWDG_BASE + 0x0u)
#define IWDG_PR REGISTER(IWDG_BASE + 0x4u)
#define IWDG_RLR REGISTER(IWDG_BASE + 0x8u)
#define IWDG_SR REGISTER(IWDG_BASE + 0xCu)
#define IWDG_START 0xCCCCu
#define IWDG_UNLOCK 0x5555u
#define IWDG_RELOAD 0xAAAAu
#define IWDG_PR_64 4u
#define IWDG_HZ 500u /* 32 kHz, within 10 %, by 64 */

#define RCC_CSR_WATCHDOG (1u << 29)

#define USART_TX_EMPTY (1u << 7)
#define USART_TX_ENABLE (1u << 3)

/* In clock.c and converter.c of each series. */
void clock_start(void);
void converter_start(void); /* waits for TIM2's trigger; each sample goes into the ring */
void adc_interrupt(void);

/* Gives a pin, port * 16 + number, one of the modes above. */
static inline void gpio_mode(uint32_t pin, uint32_t mode) {
  uint32_t port = pin / 16u;
  uint32_t shift = pin % 16u * 2u;
  GPIO_MODER(port) = (GPIO_MODER(port) & ~(3u << shift)) | (mode << shift);
}

#endif
