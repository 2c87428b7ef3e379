#include "outputs.h"

#include "alarms.h"
#include "app_config.h"
#include "board.h"

/* An eighth of the pattern's 2 s. */
#define STEP_SAMPLES (BOARD_FS_HZ / 4u)
#define STEPS 8u
#define DARK 0x00u
#define WAITING 0x01u

void outputs_tick(spl_alert_t alert) {
  /* One bit a step, the lowest first. */
  static const uint8_t patterns[ALARMS] = {
      [ALARM_CRITICAL] = 0x55, [ALARM_SINE] = 0x15,      [ALARM_HIGH] = 0x0F,
      [ALARM_DEVICE] = 0x33,   [ALARM_SIGNAL] = WAITING, [ALARM_BATTERY] = 0x05,
  };
  static uint32_t waited;
  static uint32_t step;
  if (!BOARD_CAN_SHOW) {
    return;
  }
  waited++;
  if (waited < STEP_SAMPLES) {
    return;
  }
  waited = 0;
  step = (step + 1u) % STEPS;
  const alarm_t alarm = alarms_first();
  const uint32_t waiting = alert == SPL_ALERT_NONE ? WAITING : DARK;
  const uint32_t pattern = alarm < ALARMS ? patterns[alarm] : waiting;
  board_show(((pattern >> step & 1u) != 0u ? BOARD_SHOW_LED : 0u) |
             (alarms_sound() ? BOARD_SHOW_ALERT : 0u));
}
