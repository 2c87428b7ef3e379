#include "mps2.h"

extern const uint32_t stack_top[];

/* Exceptions that are not listed are never enabled; the other faults become HardFaults. */
__attribute__((section(".vectors"), used)) const handler_t vectors[16 + 32] = {
    [0] = (handler_t)stack_top, [1] = reset_handler,
    [2] = hard_fault_handler, /* NMI */
    [3] = hard_fault_handler,   [16 + TIMER0_IRQ] = timer0_interrupt,
};
