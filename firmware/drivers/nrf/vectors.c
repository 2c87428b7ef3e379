#include "board.h"
#include "nrf.h"

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
    [16 + CLOCK_POWER_IRQ] = clock_power_interrupt,
    [16 + UARTE_IRQ] = uarte_interrupt,
    [16 + GPIOTE_IRQ] = gpiote_interrupt,
#ifdef BOARD_ECG_INPUT
    [16 + SAADC_IRQ] = saadc_interrupt,
#else
    [16 + SPIM_IRQ] = spim_interrupt,
#endif
    [16 + WDT_IRQ] = watchdog_handler,
#if BOARD_CAN_ADVERTISE
    [16 + RADIO_IRQ] = radio_interrupt,
    [16 + RTC_IRQ] = rtc_interrupt,
#endif
};
