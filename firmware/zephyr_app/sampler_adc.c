/* The ECG through Zephyr's ADC API: the channels of the devicetree's zephyr,user, the ECG first, then the
 * supply of the amplifier in front of it. */
#include <zephyr/drivers/adc.h>
#include <zephyr/kernel.h>

#include "app_config.h"
#include "board.h"
#include "rails.h"
#include "sample_ring.h"
#include "sampler.h"
#include "sampling.h"
#include "show.h"

#define ECG ADC_CHANNELS(0)
#define ADC_CHANNELS(index) ADC_DT_SPEC_GET_BY_IDX(ZEPHYR_USER, index)
#define SAMPLES_A_SUPPLY (60u * BOARD_FS_HZ)

static const struct adc_dt_spec ecg = ECG;
#if BOARD_CAN_MEASURE_BATTERY
static const struct adc_dt_spec supply_channel = ADC_CHANNELS(1);
#endif
static int32_t supply; /* counts */
static uint16_t supply_mv;

static bool convert(const struct adc_dt_spec *channel, int32_t *result) {
  int16_t raw = 0;
  struct adc_sequence sequence = {.buffer = &raw, .buffer_size = sizeof raw};
  if (adc_sequence_init_dt(channel, &sequence) != 0 || adc_read_dt(channel, &sequence) != 0) {
    return false;
  }
  *result = raw;
  return true;
}

static void set_up(const struct adc_dt_spec *channel) {
  if (!adc_is_ready_dt(channel) || adc_channel_setup_dt(channel) != 0) {
    k_panic();
  }
}

static void measure_supply(void) {
#if BOARD_CAN_MEASURE_BATTERY
  int32_t mv;
  if (convert(&supply_channel, &supply)) {
    mv = supply;
    supply_mv = adc_raw_to_millivolts_dt(&supply_channel, &mv) == 0 ? (uint16_t)mv : 0u;
  }
#endif
}

static int32_t swing(void) {
  int32_t full_scale_mv = 1 << ecg.resolution;
  (void)adc_raw_to_millivolts_dt(&ecg, &full_scale_mv);
  return (int32_t)((RAILS_SWING_MV << ecg.resolution) / (uint32_t)full_scale_mv);
}

static void take_sample(void) {
  static uint32_t since_supply;
  int32_t result;
  if (!convert(&ecg, &result)) {
    sample_ring_miss();
  } else if (show_electrode_is_off()) {
    sample_ring_put(INT16_MAX);
  } else {
    sample_ring_put(rails_sample(result, 1 << (ecg.resolution - 1), supply, swing()));
  }
  since_supply++;
  if (since_supply >= SAMPLES_A_SUPPLY) {
    since_supply = 0;
    measure_supply();
  }
}

void sampler_start(void) {
  set_up(&ecg);
#if BOARD_CAN_MEASURE_BATTERY
  set_up(&supply_channel);
#endif
  supply = 1 << ecg.resolution; /* where it is not measured: the converter's own limit */
  measure_supply();
  sampling_start(take_sample);
}

bool sampler_has_ended(void) {
  return false;
}

void sampler_end(void) {
  CODE_UNREACHABLE;
}

#if BOARD_CAN_MEASURE_BATTERY
uint16_t board_battery_mv(void) {
  return supply_mv;
}
#endif
