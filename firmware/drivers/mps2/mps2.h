/* The peripherals of the MPS2+ AN386 image that the driver uses: a timer, a UART and a watchdog of
 * Arm's Cortex-M System Design Kit (CMSDK Technical Reference Manual, 4.3, 4.1 and 4.5), at the
 * addresses of application note AN386. */
#ifndef MPS2_H
#define MPS2_H

#include "board.h"
#include "cortex_m.h"

#define UART0_RX_IRQ 0u
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
#define UART_INTCLEAR REGISTER(UART_BASE + 0xCu)
#define UART_BAUDDIV REGISTER(UART_BASE + 0x10u)
#define UART_TX_FULL (1u << 0)
#define UART_RX_FULL (1u << 1)
#define UART_TX_ENABLE (1u << 0)
#define UART_RX_ENABLE (1u << 1)
#define UART_RX_INT (1u << 3) /* in CTRL; in INTCLEAR it is bit 1 */
#define UART_INTCLEAR_RX (1u << 1)

/* Its first time-out is an NMI, its second resets the board. */
#define WATCHDOG_BASE 0x40008000u
#define WATCHDOG_LOAD REGISTER(WATCHDOG_BASE + 0x0u)
#define WATCHDOG_CTRL REGISTER(WATCHDOG_BASE + 0x8u)
#define WATCHDOG_INTCLEAR REGISTER(WATCHDOG_BASE + 0xCu)
#define WATCHDOG_LOCK REGISTER(WATCHDOG_BASE + 0xC00u)
#define WATCHDOG_INT (1u << 0)
#define WATCHDOG_RESET (1u << 1)
#define WATCHDOG_UNLOCK 0x1ACCE551u

/* FPGAIO of application note AN386: two LEDs. */
#define FPGAIO_LED REGISTER(0x40028000u)

/* The PSRAM, where the simulator puts the recording: RECORDING_MAGIC, the number of samples, the
 * samples. Its last two pages stand for flash. */
#define PSRAM_BASE 0x21000000u
#define PSRAM_BYTES 0x01000000u
#define PAGE_BYTES 0x1000u
#define STORE_BASE (PSRAM_BASE + PSRAM_BYTES - BOARD_STORE_SLOTS * PAGE_BYTES)

void timer0_interrupt(void);
void uart0_rx_interrupt(void);

#endif
