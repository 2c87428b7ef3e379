#include "calendar.h"

#include "board.h"
#include "settings.h"

#define DAY_SAMPLES (86400u * SPL_FS_HZ)

/* At 1000 Hz, the most that a front end takes, a day has 86.4 million samples. */
typedef char assume_day_fits[SPL_FS_HZ <= 1000 ? 1 : -1];

static uint32_t samples;

static void advance(uint32_t days) {
  const uint32_t day = settings_now()->day + days;
  settings_set_day(day < UINT16_MAX ? (uint16_t)day : UINT16_MAX);
}

void calendar_start(void) {
  samples = 0;
  if (settings_now()->count > 0u) {
    advance(CALENDAR_AWAY_DAYS);
  }
}

void calendar_begin_day(void) {
  samples = 0;
}

bool calendar_tick(void) {
  samples++;
  if (samples < DAY_SAMPLES) {
    return false;
  }
  samples = 0;
  advance(1);
  if (settings_now()->count > 0u) {
    const settings_t today = *settings_now();
    (void)settings_store(&today);
  }
  return true;
}
