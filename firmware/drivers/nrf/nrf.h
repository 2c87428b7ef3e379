/* The peripherals that the nRF52 and nRF53 series have in common, as far as the drivers use them:
 * after the nRF52840 Product Specification v1.7, register tables of 4.3 (NVMC), 5.3 (POWER), 5.4
 * (CLOCK), 6.9 (GPIO), 6.10 (GPIOTE), 6.22 (RTC), 6.23 (SAADC), 6.25 (SPIM), 6.34 (UARTE) and 6.36
 * (WDT), which the nRF52832 (v1.8) and the nRF5340 (v1.4) share. chip.h says where they lie. Tasks
 * and events are triggered and cleared by writing 1 and 0; an interrupt's bit is its event's
 * offset, (offset - 0x100) / 4. */
#ifndef NRF_H
#define NRF_H

#include "chip.h"

#define CLOCK_TASKS_HFCLKSTART REGISTER(CLOCK_BASE + 0x000u)
#define CLOCK_TASKS_HFCLKSTOP REGISTER(CLOCK_BASE + 0x004u)
#define CLOCK_TASKS_LFCLKSTART REGISTER(CLOCK_BASE + 0x008u)
#define CLOCK_EVENT_HFCLKSTARTED REGISTER(CLOCK_BASE + 0x100u)
#define CLOCK_EVENT_LFCLKSTARTED REGISTER(CLOCK_BASE + 0x104u)
#define CLOCK_LFCLKSRC REGISTER(CLOCK_BASE + 0x518u)
#define POWER_EVENT_POFWARN REGISTER(CLOCK_BASE + 0x108u)
#define CLOCK_POWER_INTENSET REGISTER(CLOCK_BASE + 0x304u)
#define CLOCK_POWER_INT_HFCLKSTARTED (1u << 0)
#define CLOCK_POWER_INT_LFCLKSTARTED (1u << 1)
#define CLOCK_POWER_INT_POFWARN (1u << 2)
#define POFCON_ON_AT_2_1_V ((8u << 1) | 1u) /* an AD8232 is specified from 2.0 V on */

#define RESETREAS REGISTER(RESET_BASE + 0x400u)
#define RESETREAS_WATCHDOG (1u << 1)

#define NVMC_READY REGISTER(NVMC_BASE + 0x400u)
#define NVMC_CONFIG REGISTER(NVMC_BASE + 0x504u)
#define NVMC_CONFIG_READ 0u
#define NVMC_CONFIG_WRITE 1u
#define NVMC_CONFIG_ERASE 2u

#define GPIO_OUTSET(pin) REGISTER(GPIO_BASE + 0x008u + 0x300u * ((pin) / 32u))
#define GPIO_OUTCLR(pin) REGISTER(GPIO_BASE + 0x00Cu + 0x300u * ((pin) / 32u))
#define GPIO_IN(pin) REGISTER(GPIO_BASE + 0x010u + 0x300u * ((pin) / 32u))
#define GPIO_PIN_CNF(pin) REGISTER(GPIO_BASE + 0x200u + 0x300u * ((pin) / 32u) + 4u * ((pin) % 32u))
#define GPIO_BIT(pin) (1u << ((pin) % 32u))
#define GPIO_OUTPUT 3u /* and its input not connected */
#define GPIO_INPUT 0u
#define GPIO_PULL_DOWN (1u << 2)
#define GPIO_PULL_UP (3u << 2)
#define GPIO_SENSE_HIGH (2u << 16)
#define GPIO_SENSE_LOW (3u << 16)

#define GPIOTE_EVENT_PORT REGISTER(GPIOTE_BASE + 0x17Cu)
#define GPIOTE_INTENSET REGISTER(GPIOTE_BASE + 0x304u)
#define GPIOTE_INT_PORT (1u << 31)

#define RTC_TASKS_START REGISTER(RTC_BASE + 0x000u)
#define RTC_EVENT_COMPARE(channel) REGISTER(RTC_BASE + 0x140u + 4u * (channel))
#define RTC_INTENSET REGISTER(RTC_BASE + 0x304u)
#define RTC_EVTENSET REGISTER(RTC_BASE + 0x344u)
#define RTC_COUNTER REGISTER(RTC_BASE + 0x504u)
#define RTC_CC(channel) REGISTER(RTC_BASE + 0x540u + 4u * (channel))
#define RTC_COMPARE(channel) (1u << (16u + (channel)))
#define RTC_HZ 32768u
#define RTC_MASK 0xFFFFFFu

#define UARTE_TASKS_STARTRX REGISTER(UARTE_BASE + 0x000u)
#define UARTE_TASKS_STOPRX REGISTER(UARTE_BASE + 0x004u)
#define UARTE_TASKS_STARTTX REGISTER(UARTE_BASE + 0x008u)
#define UARTE_TASKS_STOPTX REGISTER(UARTE_BASE + 0x00Cu)
#define UARTE_EVENT_ENDRX REGISTER(UARTE_BASE + 0x110u)
#define UARTE_EVENT_ENDTX REGISTER(UARTE_BASE + 0x120u)
#define UARTE_EVENT_ERROR REGISTER(UARTE_BASE + 0x124u)
#define UARTE_EVENT_RXTO REGISTER(UARTE_BASE + 0x144u)
#define UARTE_EVENT_TXSTOPPED REGISTER(UARTE_BASE + 0x158u)
#define UARTE_INTENSET REGISTER(UARTE_BASE + 0x304u)
#define UARTE_ERRORSRC REGISTER(UARTE_BASE + 0x480u)
#define UARTE_ENABLE REGISTER(UARTE_BASE + 0x500u)
#define UARTE_PSEL_TXD REGISTER(UARTE_BASE + 0x50Cu)
#define UARTE_PSEL_RXD REGISTER(UARTE_BASE + 0x514u)
#define UARTE_BAUDRATE REGISTER(UARTE_BASE + 0x524u)
#define UARTE_RXD_PTR REGISTER(UARTE_BASE + 0x534u)
#define UARTE_RXD_MAXCNT REGISTER(UARTE_BASE + 0x538u)
#define UARTE_RXD_AMOUNT REGISTER(UARTE_BASE + 0x53Cu)
#define UARTE_TXD_PTR REGISTER(UARTE_BASE + 0x544u)
#define UARTE_TXD_MAXCNT REGISTER(UARTE_BASE + 0x548u)
#define UARTE_INT_ENDRX (1u << 4)
#define UARTE_INT_ENDTX (1u << 8)
#define UARTE_INT_ERROR (1u << 9)
#define UARTE_INT_RXTO (1u << 17)
#define UARTE_INT_TXSTOPPED (1u << 22)
#define UARTE_ERRORSRC_BREAK (1u << 3)
#define UARTE_ENABLE_ENABLED 8u

#define SAADC_EVENT_END REGISTER(SAADC_BASE + 0x104u)
#define SAADC_INTENSET REGISTER(SAADC_BASE + 0x304u)
#define SAADC_ENABLE REGISTER(SAADC_BASE + 0x500u)
#define SAADC_CH_PSELP(channel) REGISTER(SAADC_BASE + 0x510u + 0x10u * (channel))
#define SAADC_CH_CONFIG(channel) REGISTER(SAADC_BASE + 0x518u + 0x10u * (channel))
#define SAADC_RESOLUTION REGISTER(SAADC_BASE + 0x5F0u)
#define SAADC_RESULT_PTR REGISTER(SAADC_BASE + 0x62Cu)
#define SAADC_RESULT_MAXCNT REGISTER(SAADC_BASE + 0x630u)
#define SAADC_INT_END (1u << 1)
#define SAADC_PSELP_NONE 0u
#define SAADC_PSELP_AIN0 1u /* AINn is n + 1 */
#define SAADC_PSELP_VDD 9u
#define SAADC_GAIN_1_6 (0u << 8) /* with the internal 0.6 V reference: 0 to 3.6 V */
#define SAADC_FULL_SCALE_MV 3600u
#define SAADC_TACQ_10_US                                                                           \
  (2u << 16) /* for sources up to 100 kOhm; an AD8232's output is good for it */
#define SAADC_RESOLUTION_14_BIT 3u
#define SAADC_BITS 14u

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

void clock_power_interrupt(void);
void radio_interrupt(void);
void uarte0_interrupt(void);
void gpiote_interrupt(void);
void saadc_interrupt(void);
void rtc_interrupt(void);
void spim_interrupt(void);

#endif
