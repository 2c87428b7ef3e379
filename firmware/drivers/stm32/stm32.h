/* What the STM32L4 and STM32F4 series have in common: GPIO, TIM2 and IWDG (reference manuals RM0351
 * and RM0090, chapters of those names). chip.h has what differs.
 *
 * Names are ST's: of a register behind its peripheral's, of a field's bit, or of the
 * function that puts a value into a field, behind its register's, of a value in its place behind its
 * field's. tests/firmware/test_registers.py looks each up in ST's own tables. */
#ifndef STM32_H
#define STM32_H

#include "chip.h"

#define GPIO_MODER(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x00u)
#define GPIO_MODER_MODER(pin, mode) ((mode) << (2u * (pin)))
#define GPIO_MODER_MODER_ALTERNATE 2u
#define GPIO_MODER_MODER_ANALOG 3u
#define GPIO_AFRL(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x20u)
#define GPIO_AFRH(port) REGISTER(GPIO_BASE + 0x400u * (port) + 0x24u)
#define GPIO_AFRL_AFRL(pin, function) ((function) << (4u * (pin)))
#define GPIO_AFRH_AFRH(pin, function) ((function) << (4u * (pin) - 32u))
#define GPIO_AFRL_AFRL_USART2 7u

#define TIM2_BASE 0x40000000u
#define TIM2_CR1 REGISTER(TIM2_BASE + 0x00u)
#define TIM2_CR1_CEN (1u << 0)
#define TIM2_CR2 REGISTER(TIM2_BASE + 0x04u)
#define TIM2_CR2_MMS_UPDATE (2u << 4) /* TRGO at each update */
#define TIM2_ARR REGISTER(TIM2_BASE + 0x2Cu)

#define IWDG_BASE 0x40003000u
#define IWDG_KR REGISTER(IWDG_BASE + 0x0u)
#define IWDG_KR_KEY_START 0xCCCCu
#define IWDG_KR_KEY_UNLOCK 0x5555u
#define IWDG_KR_KEY_RELOAD 0xAAAAu
#define IWDG_PR REGISTER(IWDG_BASE + 0x4u)
#define IWDG_PR_PR_BY_64 4u
#define IWDG_RLR REGISTER(IWDG_BASE + 0x8u)
#define IWDG_SR REGISTER(IWDG_BASE + 0xCu)

/* In clock.c and converter.c of each series. */
void clock_start(void);
void converter_start(void); /* waits for TIM2's trigger; each sample goes into the ring */
void adc_interrupt(void);

/* Gives a pin, port * 16 + number, a mode. */
static inline void gpio_mode(uint32_t pin, uint32_t mode) {
  uint32_t port = pin / 16u;
  uint32_t number = pin % 16u;
  GPIO_MODER(port) =
      (GPIO_MODER(port) & ~GPIO_MODER_MODER(number, 3u)) | GPIO_MODER_MODER(number, mode);
}

#endif
