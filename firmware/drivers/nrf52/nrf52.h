/* The peripherals of the nRF52840 that the driver uses, after the nRF52840 Product Specification
 * v1.7: the register tables of 5.4 (CLOCK), 6.9 (GPIO), 6.23 (SAADC), 6.30 (TIMER) and 6.34
 * (UARTE). Tasks and events are triggered and cleared by writing 1 and 0; an interrupt's bit is its
 * event's offset, (offset - 0x100) / 4. */
#ifndef NRF52_H
#define NRF52_H

#include "cortex_m.h"

/* A peripheral's number is its interrupt. */
#define UARTE0_IRQ 2u
#define SAADC_IRQ 7u
#define TIMER0_IRQ 8u

#define CLOCK_BASE 0x40000000u
#define CLOCK_TASKS_HFCLKSTART REGISTER(CLOCK_BASE + 0x000u)
#define CLOCK_EVENT_HFCLKSTARTED REGISTER(CLOCK_BASE + 0x100u)

#define UARTE_BASE 0x40002000u
#define UARTE_TASKS_STARTTX REGISTER(UARTE_BASE + 0x008u)
#define UARTE_EVENT_ENDTX REGISTER(UARTE_BASE + 0x120u)
#define UARTE_INTENSET REGISTER(UARTE_BASE + 0x304u)
#define UARTE_ENABLE REGISTER(UARTE_BASE + 0x500u)
#define UARTE_PSEL_TXD REGISTER(UARTE_BASE + 0x50Cu)
#define UARTE_BAUDRATE REGISTER(UARTE_BASE + 0x524u)
#define UARTE_TXD_PTR REGISTER(UARTE_BASE + 0x544u)
#define UARTE_TXD_MAXCNT REGISTER(UARTE_BASE + 0x548u)
#define UARTE_INT_ENDTX (1u << 8)
#define UARTE_ENABLE_ENABLED 8u

#define SAADC_BASE 0x40007000u
#define SAADC_TASKS_START REGISTER(SAADC_BASE + 0x000u)
#define SAADC_TASKS_SAMPLE REGISTER(SAADC_BASE + 0x004u)
#define SAADC_EVENT_STARTED REGISTER(SAADC_BASE + 0x100u)
#define SAADC_EVENT_END REGISTER(SAADC_BASE + 0x104u)
#define SAADC_INTENSET REGISTER(SAADC_BASE + 0x304u)
#define SAADC_ENABLE REGISTER(SAADC_BASE + 0x500u)
#define SAADC_CH0_PSELP REGISTER(SAADC_BASE + 0x510u)
#define SAADC_CH0_CONFIG REGISTER(SAADC_BASE + 0x518u)
#define SAADC_RESOLUTION REGISTER(SAADC_BASE + 0x5F0u)
#define SAADC_RESULT_PTR REGISTER(SAADC_BASE + 0x62Cu)
#define SAADC_RESULT_MAXCNT REGISTER(SAADC_BASE + 0x630u)
#define SAADC_INT_END (1u << 1)
#define SAADC_PSELP_AIN0 1u /* AINn is n + 1 */
#define SAADC_GAIN_1_6 (0u << 8) /* with the internal 0.6 V reference: 0 to 3.6 V */
#define SAADC_TACQ_40_US (5u << 16) /* an AD8232's output is good for it */
#define SAADC_RESOLUTION_14_BIT 3u

#define GPIO_OUTSET(port) REGISTER(0x50000508u + 0x300u * (port))
#define GPIO_DIRSET(port) REGISTER(0x50000518u + 0x300u * (port))

#define TIMER_BASE 0x40008000u
#define TIMER_TASKS_START REGISTER(TIMER_BASE + 0x000u)
#define TIMER_EVENT_COMPARE0 REGISTER(TIMER_BASE + 0x140u)
#define TIMER_SHORTS REGISTER(TIMER_BASE + 0x200u)
#define TIMER_INTENSET REGISTER(TIMER_BASE + 0x304u)
#define TIMER_BITMODE REGISTER(TIMER_BASE + 0x508u)
#define TIMER_PRESCALER REGISTER(TIMER_BASE + 0x510u)
#define TIMER_CC0 REGISTER(TIMER_BASE + 0x540u)
#define TIMER_SHORT_CC0_CLEAR (1u << 0)
#define TIMER_INT_COMPARE0 (1u << 16)
#define TIMER_BITMODE_32 3u
#define TIMER_HZ 16000000u /* with a prescaler of 0 */

void uarte0_interrupt(void);
void saadc_interrupt(void);
void timer0_interrupt(void);

#endif
