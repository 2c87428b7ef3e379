#include "advert.h"

#include <stddef.h>

#include "app_config.h"
#include "board.h"

enum { AT_COMPANY, AT_LAYOUT = 2, AT_SEQUENCE, AT_STATE, AT_SPL, AT_LOW = 7, AT_HIGH = 9 };
#define AT_BATTERY 11

typedef char assume_battery_is_last[AT_BATTERY + 2 == BOARD_ADVERT_BYTES ? 1 : -1];

static uint8_t data[BOARD_ADVERT_BYTES];

static void put_uint16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

/* An SPL as it is advertised: within what its two bytes can say. */
static uint32_t bounded(int32_t spl_ueq_l) {
  if (spl_ueq_l < 0) {
    return 0;
  }
  return spl_ueq_l < (int32_t)ADVERT_NONE ? (uint32_t)spl_ueq_l : ADVERT_NONE - 1u;
}

void advert_update(alert_t alert, const int32_t *spl_ueq_l, bool replay) {
  if (!BOARD_CAN_ADVERTISE) {
    return;
  }
  uint8_t fresh[BOARD_ADVERT_BYTES];
  put_uint16(&fresh[AT_COMPANY], ADVERT_COMPANY);
  fresh[AT_LAYOUT] = ADVERT_LAYOUT;
  fresh[AT_SEQUENCE] = data[AT_SEQUENCE];
  fresh[AT_STATE] = (uint8_t)((uint32_t)alert | (replay ? ADVERT_REPLAY : 0u) |
                              (settings_now()->offset != 0 ? ADVERT_CALIBRATED : 0u));
  put_uint16(&fresh[AT_SPL], spl_ueq_l != NULL ? bounded(*spl_ueq_l) : ADVERT_NONE);
  bool bounds = APP_HAS_INTERVAL && spl_ueq_l != NULL;
  put_uint16(&fresh[AT_LOW], bounds ? bounded(*spl_ueq_l + APP_INTERVAL_LOW_UEQ) : ADVERT_NONE);
  put_uint16(&fresh[AT_HIGH], bounds ? bounded(*spl_ueq_l + APP_INTERVAL_HIGH_UEQ) : ADVERT_NONE);
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
