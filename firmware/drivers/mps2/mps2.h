/* The peripherals of the MPS2+ AN386 image that the driver uses: a timer and a UART of Arm's
 * Cortex-M System Design Kit (CMSDK Technical Reference Manual, 4.3 and 4.1), at the addresses of
 * application note AN386. */
#ifndef MPS2_H
#define MPS2_H

#include "cortex_m.h"

#define TIMER0_IRQ 8u

#define TIMER_BASE 0x40000000u
#define TIMER_CTRL REGISTER(TIMER_BASE + 0x0u)
#define TIMER_RELOAD REGISTER(TIMER_BASE + 0x8u)
#define TIMER_INTCLEAR REGISTER(TIMER_BASE + 0xCu)
#define TIMER_ENABLE (1u << 0)
#define TIMER_INT (1u << 3)

#define UART_BASE 0x40004000u
#define UART_DATA REGISTER(UART_BASE + 0x0u)
#define UART_STATE REGISTER(UART_BASE + 0x4u)
#define UART_CTRL REGISTER(UART_BASE + 0x8u)
#define UART_BAUDDIV REGISTER(UART_BASE + 0x10u)
#define UART_TX_FULL (1u << 0)
#define UART_TX_ENABLE (1u << 0)

/* The PSRAM, where the simulator puts the recording: RECORDING_MAGIC, the number of samples, the
 * samples. */
#define PSRAM_BASE 0x21000000u
#define PSRAM_BYTES 0x01000000u

void timer0_interrupt(void);

#endif
