#include "outputs.h"

#include "app_config.h"
#include "board.h"

/* An eighth of the pattern's 2 s. */
#define STEP_SAMPLES (BOARD_FS_HZ / 4u)
#define STEPS 8u

/* For a buzzer or a call button. */
static bool is_alert(spl_alert_t alert) {
  return alert == SPL_ALERT_HIGH || alert == SPL_ALERT_CRITICAL || alert == SPL_ALERT_SINE ||
         alert == SPL_ALERT_LIKELY;
}

void outputs_tick(spl_alert_t alert) {
  /* One bit a step, the lowest first. */
  static const uint8_t patterns[] = {
      [SPL_ALERT_NONE] = 0x01,     [SPL_ALERT_NORMAL] = 0x00, [SPL_ALERT_HIGH] = 0x0F,
      [SPL_ALERT_CRITICAL] = 0x55, [SPL_ALERT_SINE] = 0x15,   [SPL_ALERT_UNLIKELY] = 0x00,
      [SPL_ALERT_LIKELY] = 0x0F,   [SPL_ALERT_ABSENT] = 0x00,
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
  uint32_t led = (patterns[alert] >> step & 1u) != 0u ? BOARD_SHOW_LED : 0u;
  board_show(led | (is_alert(alert) ? BOARD_SHOW_ALERT : 0u));
}
