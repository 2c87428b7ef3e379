/* What the drivers need of a Cortex-M core. Addresses and bits: Armv7-M Architecture Reference
 * Manual, B3.2, B3.4 and B3.5; Armv6-M (Cortex-M0+) has no SHCSR and no CPACR, and the same MPU. */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include <stdint.h>

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define NVIC_ISER REGISTER(0xE000E100u) /* interrupts 0 to 31, all that the drivers use */
#define SCB_VTOR REGISTER(0xE000ED08u)
#define SCB_AIRCR REGISTER(0xE000ED0Cu)
#define SCB_AIRCR_SYSRESETREQ (1u << 2)
#define SCB_AIRCR_VECTKEY_KEY (0x05FAu << 16)
#define SCB_SHCSR REGISTER(0xE000ED24u)
#define SCB_SHCSR_MEMFAULTENA (1u << 16)
#define SCB_SHCSR_BUSFAULTENA (1u << 17)
#define SCB_SHCSR_USGFAULTENA (1u << 18)
#define SCB_CPACR REGISTER(0xE000ED88u)
#define SCB_CPACR_CP10_FULL (3u << 20)
#define SCB_CPACR_CP11_FULL (3u << 22)
#define MPU_CTRL REGISTER(0xE000ED94u)
#define MPU_CTRL_ENABLE (1u << 0)
#define MPU_CTRL_PRIVDEFENA (1u << 2)
#define MPU_RBAR REGISTER(0xE000ED9Cu)
#define MPU_RBAR_VALID (1u << 4)
#define MPU_RASR REGISTER(0xE000EDA0u)
#define MPU_RASR_ENABLE (1u << 0)
#define MPU_RASR_SIZE(size) ((size) << 1) /* 2 to the power of size + 1 bytes */
#define MPU_RASR_XN (1u << 28) /* AP is 0: no access */

typedef void (*handler_t)(void);

static inline void core_disable_interrupts(void) {
  __asm volatile("cpsid i" ::: "memory");
}

static inline void core_enable_interrupts(void) {
  __asm volatile("cpsie i" ::: "memory");
}

/* Wakes on a pending interrupt even while interrupts are disabled: test, then sleep, with no race
 * between. With interrupts disabled only. */
void core_wait_for_interrupt(void);

/* Everything written so far is in memory before what comes next: before a DMA is started, for one.
 */
static inline void core_barrier(void) {
  __asm volatile("dsb" ::: "memory");
}

static inline void core_enable_interrupt(uint32_t number) {
  NVIC_ISER = 1u << number;
}

static inline void core_reset(void) {
  SCB_AIRCR = SCB_AIRCR_VECTKEY_KEY | SCB_AIRCR_SYSRESETREQ;
}

/* The vectors that every family has. */
void reset_handler(void) __attribute__((noreturn));
void fault_handler(void);
void watchdog_handler(void); /* for a watchdog that calls before it resets the chip */

#endif
