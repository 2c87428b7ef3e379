#include "chip.h"

extern const uint32_t stack_top[];

/* Exceptions that are not listed are never enabled: the table ends with the last one. Armv6-M has
 * one fault. */
__attribute__((section(".vectors"), used)) const handler_t vectors[] = {
    [0] = (handler_t)stack_top,
    [1] = reset_handler,
    [2] = fault_handler, /* NMI */
    [3] = fault_handler, /* HardFault */
    [16 + PWM_IRQ] = pwm_interrupt,
};
