/* The ECG through the SAADC. The RTC's compare starts it, it samples by itself (routing.h), and
 * EasyDMA brings the result; then the core wakes, takes the sample and sets the next compare.
 *
 * One sample a block: an SAADC whose block is not full keeps EasyDMA and the 16 MHz clock running,
 * some 0.4 mA, and so does a TIMER (ITIMER0: 418 uA); waking the core 300 times a second costs a
 * few microamperes (docs/firmware.md has the sum). */
#include "sampler.h"

#include <stdbool.h>

#include "app_config.h"
#include "board.h"
#include "inputs.h"
#include "nrf.h"
#include "rails.h"
#include "routing.h"
#include "rtc.h"
#include "sample_ring.h"

#define TICKS_A_SAMPLE (RTC_HZ / BOARD_FS_HZ)
#define TICKS_LEFT                                                                                 \
  (RTC_HZ % BOARD_FS_HZ) /* shared out among a second's samples: the rate is exact */

/* The supply is measured between two samples, about once a minute, by the same channel: an SAADC that
 * has converted several may stop when it goes back to one (anomaly 212). */
#define SAMPLES_A_SUPPLY (60u * BOARD_FS_HZ)

#define CHANNEL 0u
#define ECG_INPUT (SAADC_CH_PSELP_PSELP_ANALOGINPUT0 + BOARD_ECG_INPUT)

/* Gain 1/6 with the internal reference of 0.6 V; 10 us are for sources up to 100 kOhm, and an AD8232's
 * output is a good one. */
#define UP_TO_3_6_V                                                                                \
  (SAADC_CH_CONFIG_RESP_BYPASS | SAADC_CH_CONFIG_GAIN_GAIN1_6 | SAADC_CH_CONFIG_REFSEL_INTERNAL |  \
   SAADC_CH_CONFIG_TACQ_10US | SAADC_CH_CONFIG_MODE_SE)
#define SAADC_FULL_SCALE_MV 3600u
#define SAADC_BITS 14u

#define MIDDLE (1 << (SAADC_BITS - 1u))
#define SWING ((int32_t)((RAILS_SWING_MV << SAADC_BITS) / SAADC_FULL_SCALE_MV))

static volatile int16_t result;
static uint32_t tick; /* of the next sample, or of the last one */
static uint32_t left;
static bool of_supply; /* what is converted next */
static uint32_t since_supply; /* samples */
static uint16_t supply; /* of the amplifier, VDD */
#ifdef BOARD_BATTERY_AT_VDDH
#define BATTERY_INPUT SAADC_CH_PSELP_PSELP_VDDHDIV5
#define BATTERY_PARTS 5u
static bool of_battery; /* which of them was converted last */
static uint16_t battery;
#endif

/* Within half a tick, 15 us, of where the sample belongs: an R wave rises by 1 uV meanwhile. */
static void next_tick(void) {
  tick += TICKS_A_SAMPLE;
  left += TICKS_LEFT;
  if (left >= BOARD_FS_HZ) {
    left -= BOARD_FS_HZ;
    tick++;
  }
}

/* What held the core for longer than a sample lasts costs samples, and they are counted. */
static void wait_for_sample(void) {
  of_supply = false;
  SAADC_CH_PSELP(CHANNEL) = ECG_INPUT;
  next_tick();
  while (!rtc_compare_at(RTC_SAMPLE, tick)) {
    sample_ring_miss();
    next_tick();
  }
}

/* Where the battery is not the amplifier's supply, they take turns. */
static uint32_t supply_input(void) {
#ifdef BOARD_BATTERY_AT_VDDH
  of_battery = supply != 0u && !of_battery;
  return of_battery ? BATTERY_INPUT : SAADC_CH_PSELP_PSELP_VDD;
#else
  return SAADC_CH_PSELP_PSELP_VDD;
#endif
}

static void take_supply(void) {
  since_supply = 0;
#ifdef BOARD_BATTERY_AT_VDDH
  if (of_battery) {
    battery = (uint16_t)result;
    return;
  }
#endif
  supply = (uint16_t)result;
}

/* Early between two samples, so that an erasure that holds the core for a millisecond or two costs none; where
 * the core is late for it, the sample comes first. */
static void wait_for_supply(void) {
  of_supply = true;
  SAADC_CH_PSELP(CHANNEL) = supply_input();
  if (!rtc_compare_at(RTC_SAMPLE, tick + TICKS_A_SAMPLE / 4u)) {
    wait_for_sample();
  }
}

void sampler_start(void) {
  routing_start();
  SAADC_RESOLUTION = SAADC_RESOLUTION_VAL_14BIT;
  SAADC_CH_CONFIG(CHANNEL) = UP_TO_3_6_V;
  SAADC_RESULT_PTR = (uint32_t)&result;
  SAADC_RESULT_MAXCNT = 1;
  SAADC_INTENSET = SAADC_INTENSET_END;
  SAADC_ENABLE = SAADC_ENABLE_ENABLE_ENABLED;
  core_enable_interrupt(SAADC_IRQ);
  RTC_EVTENSET = RTC_EVTENSET_COMPARE(RTC_SAMPLE);
  tick = RTC_COUNTER;
  wait_for_supply();
}

/* A compare may trigger twice (anomaly 179): what has ended before its time is an echo. */
static bool is_echo(void) {
  return ((RTC_COUNTER - RTC_CC(RTC_SAMPLE)) & RTC_MASK) > RTC_MASK / 2u;
}

static void take(void) {
  if (of_supply) {
    take_supply();
    wait_for_sample();
    return;
  }
  sample_ring_put(inputs_electrode_is_off() ? INT16_MAX
                                            : rails_sample(result, MIDDLE, supply, SWING));
  since_supply++;
  if (since_supply >= SAMPLES_A_SUPPLY) {
    wait_for_supply();
  } else {
    wait_for_sample();
  }
}

/* Clearing an event takes a while to reach the interrupt controller, which may then call once too
 * often: the event is looked at. */
void saadc_interrupt(void) {
  if (SAADC_EVENTS_END != 0u) {
    SAADC_EVENTS_END = 0;
    if (!is_echo()) {
      take();
    }
  }
}

uint16_t board_battery_mv(void) {
#ifdef BOARD_BATTERY_AT_VDDH
  return (uint16_t)((battery * BATTERY_PARTS * SAADC_FULL_SCALE_MV) >> SAADC_BITS);
#else
  return (uint16_t)((supply * SAADC_FULL_SCALE_MV) >> SAADC_BITS);
#endif
}
