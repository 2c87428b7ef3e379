/* From reset to main(), and from a fault to board_fault(). */
#include "board.h"
#include "cortex_m.h"

/* From the linker script. */
extern const uint32_t data_load[];
extern uint32_t data_start[], data_end[], bss_start[], bss_end[];
extern const handler_t vectors[];
extern const uint32_t stack_limit[];

int main(void);

/* Nothing may be reached in the 4 KiB below the stack, whatever a chip has there: an overflow faults at its
 * first word. Handlers of faults run without this region. */
#define GUARD_BYTES 4096u
#define GUARD_SIZE 11u

static inline void guard_stack(void) {
#if defined(__ARM_ARCH_8M_MAIN__)
  __asm volatile("msr msplim, %0" ::"r"(stack_limit));
#else
  MPU_RBAR = ((uint32_t)stack_limit - GUARD_BYTES) | MPU_RBAR_VALID;
  MPU_RASR = MPU_RASR_XN | MPU_RASR_SIZE(GUARD_SIZE) | MPU_RASR_ENABLE;
  MPU_CTRL = MPU_CTRL_PRIVDEFENA | MPU_CTRL_ENABLE;
  __asm volatile("dsb\n\tisb" ::: "memory");
#endif
}

void reset_handler(void) {
  SCB_VTOR = (uint32_t)vectors;
  guard_stack();
#if !defined(__ARM_ARCH_6M__)
  SCB_SHCSR |= SCB_SHCSR_MEMFAULTENA | SCB_SHCSR_BUSFAULTENA | SCB_SHCSR_USGFAULTENA;
#endif
#if defined(__ARM_FP)
  SCB_CPACR |= SCB_CPACR_CP10_FULL | SCB_CPACR_CP11_FULL;
  __asm volatile("dsb\n\tisb" ::: "memory");
#endif
  const uint32_t *from = data_load;
  for (uint32_t *to = data_start; to < data_end; to++) {
    *to = *from;
    from++;
  }
  for (uint32_t *to = bss_start; to < bss_end; to++) {
    *to = 0;
  }
  (void)main();
  board_fault((uint32_t)main);
}

/* The stack lies at the bottom of the RAM, so that an overflow faults instead of overwriting data.
 * The pointer may then be outside of the RAM: take the program counter from the frame only where
 * there is one, then start over at the top of the stack. Armv6-M has all of these instructions. */
#define REPORT_TO(target)                                                                          \
  __asm volatile("mrs   r1, msp\n\t"                                                               \
                 "ldr   r2, =stack_limit\n\t"                                                      \
                 "movs  r0, #0\n\t"                                                                \
                 "cmp   r1, r2\n\t"                                                                \
                 "blo   1f\n\t"                                                                    \
                 "ldr   r0, [r1, #24]\n\t"                                                         \
                 "1:\n\t"                                                                          \
                 "ldr   r1, =stack_top\n\t"                                                        \
                 "msr   msp, r1\n\t"                                                               \
                 "ldr   r1, =" target "\n\t"                                                       \
                 "bx    r1\n\t")

__attribute__((naked)) void fault_handler(void) {
  REPORT_TO("board_fault");
}

__attribute__((naked)) void watchdog_handler(void) {
  REPORT_TO("board_watchdog");
}
