#include "advert.h"

#include "alarms.h"
#include "app_config.h"
#include "board.h"
#include "settings.h"

enum { AT_COMPANY, AT_LAYOUT = 2, AT_SEQUENCE, AT_STATE, AT_VALUE, AT_LOW = 7, AT_HIGH = 9 };
#define AT_BATTERY 11

typedef char assume_battery_is_last[AT_BATTERY + 2 == BOARD_ADVERT_BYTES ? 1 : -1];

static uint8_t data[BOARD_ADVERT_BYTES];

static void put_uint16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

#if SPL_TASK != SPL_TASK_OTHER
/* Two bytes say every plausible value. */
typedef char
    assume_values_fit[SPL_PLAUSIBLE_LOW >= 0 && SPL_PLAUSIBLE_HIGH < (int32_t)ADVERT_NONE ? 1 : -1];

static uint32_t as_advertised(int32_t value) {
  return value == SPL_NO_VALUE ? ADVERT_NONE : (uint32_t)value;
}
#endif

static void put_value(uint8_t fresh[BOARD_ADVERT_BYTES], const spl_t *spl) {
  int32_t value = SPL_NO_VALUE;
  (void)spl_latest(spl, &value);
#if SPL_TASK == SPL_TASK_OTHER
  uint32_t bits = (uint32_t)value;
  put_uint16(&fresh[AT_VALUE], bits);
  put_uint16(&fresh[AT_LOW], bits >> 16);
  put_uint16(&fresh[AT_HIGH], ADVERT_NONE);
#elif SPL_TASK == SPL_TASK_PROBABILITY
  put_uint16(&fresh[AT_VALUE], as_advertised(value));
  put_uint16(&fresh[AT_LOW], SPL_POSITIVE_UEQ_L);
  put_uint16(&fresh[AT_HIGH], SPL_ALERT_HIGH_LEVEL);
#else
  int32_t low = SPL_NO_VALUE;
  int32_t high = SPL_NO_VALUE;
  (void)spl_interval(spl, value, &low, &high);
  put_uint16(&fresh[AT_VALUE], as_advertised(value));
  put_uint16(&fresh[AT_LOW], as_advertised(low));
  put_uint16(&fresh[AT_HIGH], as_advertised(high));
#endif
}

void advert_update(const spl_t *spl, bool replay) {
  if (!BOARD_CAN_ADVERTISE) {
    return;
  }
  uint8_t fresh[BOARD_ADVERT_BYTES];
  put_uint16(&fresh[AT_COMPANY], ADVERT_COMPANY);
  fresh[AT_LAYOUT] = (uint8_t)ADVERT_LAYOUT;
  fresh[AT_SEQUENCE] = data[AT_SEQUENCE];
  fresh[AT_STATE] = (uint8_t)((uint32_t)spl_alert(spl) | (replay ? ADVERT_REPLAY : 0u) |
                              (settings_now()->count != 0u ? ADVERT_CALIBRATED : 0u) |
                              (alarms_any(ALARM_CRITICAL, ALARM_HIGH) ? ADVERT_PHYSIOLOGICAL : 0u) |
                              (alarms_any(ALARM_DEVICE, ALARM_BATTERY) ? ADVERT_TECHNICAL : 0u));
  put_value(fresh, spl);
  put_uint16(&fresh[AT_BATTERY], BOARD_CAN_MEASURE_BATTERY ? board_battery_mv() : 0u);
  bool changed = false;
  for (uint32_t i = 0; i < BOARD_ADVERT_BYTES; i++) {
    changed = changed || fresh[i] != data[i];
    data[i] = fresh[i];
  }
  if (changed) {
    data[AT_SEQUENCE]++;
    board_advertise(data);
  }
}
