#include "stm32.h"

extern const uint32_t stack_top[];

/* Exceptions that are not listed are never enabled: the table ends with the last one. */
__attribute__((section(".vectors"), used)) const handler_t vectors[] = {
    [0] = (handler_t)stack_top,
    [1] = reset_handler,
    [2] = fault_handler, /* NMI */
    [3] = fault_handler, /* HardFault */
    [4] = fault_handler, /* MemManage */
    [5] = fault_handler, /* BusFault */
    [6] = fault_handler, /* UsageFault */
    [16 + ADC_IRQ] = adc_interrupt,
};
