#include "show.h"

#include <stdbool.h>

#include "app_config.h"
#include "board.h"
#include "nrf.h"

#if BOARD_CAN_SHOW

static void drive(uint32_t pin, bool high) {
  if (high) {
    GPIO_OUTSET(pin) = GPIO_BIT(pin);
  } else {
    GPIO_OUTCLR(pin) = GPIO_BIT(pin);
  }
}

void board_show(uint32_t outputs) {
#ifdef BOARD_OUTPUTS_LED_PIN
  drive(BOARD_OUTPUTS_LED_PIN, ((outputs & BOARD_SHOW_LED) != 0u) != BOARD_OUTPUTS_LED_ACTIVE_LOW);
#endif
#ifdef BOARD_OUTPUTS_ALERT_PIN
  drive(BOARD_OUTPUTS_ALERT_PIN, (outputs & BOARD_SHOW_ALERT) != 0u);
#endif
}

void show_init(void) {
  board_show(0);
#ifdef BOARD_OUTPUTS_LED_PIN
  GPIO_PIN_CNF(BOARD_OUTPUTS_LED_PIN) = GPIO_OUTPUT;
#endif
#ifdef BOARD_OUTPUTS_ALERT_PIN
  GPIO_PIN_CNF(BOARD_OUTPUTS_ALERT_PIN) = GPIO_OUTPUT;
#endif
}

#endif
