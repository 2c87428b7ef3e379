/* The peripherals that the nRF52 and nRF53 series have in common, as far as the drivers use them:
 * after the nRF52840 Product Specification v1.7, register tables of 5.4 (CLOCK), 6.9 (GPIO), 6.23
 * (SAADC), 6.30 (TIMER), 6.34 (UARTE) and 6.36 (WDT), which the nRF52832 (v1.8) and the nRF5340
 * (v1.4) share. chip.h says where they lie. Tasks and events are triggered and cleared by writing
 * 1 and 0; an interrupt's bit is its event's offset, (offset - 0x100) / 4. */
#ifndef NRF_H
#define NRF_H

#include "chip.h"

#define CLOCK_TASKS_HFCLKSTART REGISTER(CLOCK_BASE + 0x000u)
#define CLOCK_EVENT_HFCLKSTARTED REGISTER(CLOCK_BASE + 0x100u)

#define RESETREAS REGISTER(RESET_BASE + 0x400u)
#define RESETREAS_WATCHDOG (1u << 1)

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

#define SAADC_TASKS_START REGISTER(SAADC_BASE + 0x000u)
#define SAADC_EVENT_STARTED REGISTER(SAADC_BASE + 0x100u)
#define SAADC_EVENT_END REGISTER(SAADC_BASE + 0x104u)
#define SAADC_EVENT_STOPPED REGISTER(SAADC_BASE + 0x114u)
#define SAADC_INTENSET REGISTER(SAADC_BASE + 0x304u)
#define SAADC_ENABLE REGISTER(SAADC_BASE + 0x500u)
#define SAADC_CH0_PSELP REGISTER(SAADC_BASE + 0x510u)
#define SAADC_CH0_CONFIG REGISTER(SAADC_BASE + 0x518u)
#define SAADC_RESOLUTION REGISTER(SAADC_BASE + 0x5F0u)
#define SAADC_RESULT_PTR REGISTER(SAADC_BASE + 0x62Cu)
#define SAADC_RESULT_MAXCNT REGISTER(SAADC_BASE + 0x630u)
#define SAADC_RESULT_AMOUNT REGISTER(SAADC_BASE + 0x634u)
#define SAADC_INT_STARTED (1u << 0)
#define SAADC_INT_END (1u << 1)
#define SAADC_INT_STOPPED (1u << 5)
#define SAADC_PSELP_AIN0 1u /* AINn is n + 1 */
#define SAADC_GAIN_1_6 (0u << 8) /* with the internal 0.6 V reference: 0 to 3.6 V */
#define SAADC_TACQ_40_US (5u << 16) /* an AD8232's output is good for it */
#define SAADC_RESOLUTION_14_BIT 3u

#define GPIO_OUTSET(port) REGISTER(GPIO_BASE + 0x008u + 0x300u * (port))
#define GPIO_DIRSET(port) REGISTER(GPIO_BASE + 0x018u + 0x300u * (port))

#define TIMER_TASKS_START REGISTER(TIMER_BASE + 0x000u)
#define TIMER_SHORTS REGISTER(TIMER_BASE + 0x200u)
#define TIMER_BITMODE REGISTER(TIMER_BASE + 0x508u)
#define TIMER_PRESCALER REGISTER(TIMER_BASE + 0x510u)
#define TIMER_CC0 REGISTER(TIMER_BASE + 0x540u)
#define TIMER_SHORT_CC0_CLEAR (1u << 0)
#define TIMER_BITMODE_32 3u
#define TIMER_HZ 16000000u /* with a prescaler of 0 */

#define WDT_TASKS_START REGISTER(WDT_BASE + 0x000u)
#define WDT_INTENSET REGISTER(WDT_BASE + 0x304u)
#define WDT_CRV REGISTER(WDT_BASE + 0x504u)
#define WDT_RREN REGISTER(WDT_BASE + 0x508u)
#define WDT_CONFIG REGISTER(WDT_BASE + 0x50Cu)
#define WDT_RR0 REGISTER(WDT_BASE + 0x600u)
#define WDT_INT_TIMEOUT (1u << 0)
#define WDT_RREN_RR0 (1u << 0)
#define WDT_CONFIG_SLEEP_RUN (1u << 0) /* and paused while a debugger halts the core */
#define WDT_RR_RELOAD 0x6E524635u
#define WDT_HZ 32768u

void uarte0_interrupt(void);
void saadc_interrupt(void);

#endif
