#include "outputs.h"

#include "app_config.h"
#include "board.h"

/* An eighth of the pattern's 2 s. */
#define STEP_SAMPLES (BOARD_FS_HZ / 4u)
#define STEPS 8u

void outputs_tick(alert_t alert) {
  /* One bit a step, the lowest first. */
  static const uint8_t patterns[] = {[ALERT_NONE] = 0x01,
                                     [ALERT_NORMAL] = 0x00,
                                     [ALERT_HIGH] = 0x0F,
                                     [ALERT_CRITICAL] = 0x55,
                                     [ALERT_SINE] = 0x15};
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
  board_show(led | (alert >= ALERT_HIGH ? BOARD_SHOW_ALERT : 0u));
}
