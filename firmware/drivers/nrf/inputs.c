#include "inputs.h"

#include "app_config.h"
#include "board.h"
#include "nrf.h"

#define BUTTON (GPIO_INPUT | GPIO_PIN_CNF_PULL_PULLUP)
/* An AD8232 drives its outputs; one that is not connected reads as low. */
#define LEAD_OFF (GPIO_INPUT | GPIO_PIN_CNF_PULL_PULLDOWN)

void inputs_init(void) {
#ifdef BOARD_INPUTS_ACKNOWLEDGE_PIN
  GPIO_PIN_CNF(BOARD_INPUTS_ACKNOWLEDGE_PIN) = BUTTON;
#endif
#ifdef BOARD_ECG_LEAD_OFF_PLUS_PIN
  GPIO_PIN_CNF(BOARD_ECG_LEAD_OFF_PLUS_PIN) = LEAD_OFF;
#endif
#ifdef BOARD_ECG_LEAD_OFF_MINUS_PIN
  GPIO_PIN_CNF(BOARD_ECG_LEAD_OFF_MINUS_PIN) = LEAD_OFF;
#endif
}

#if defined(BOARD_INPUTS_ACKNOWLEDGE_PIN) || defined(BOARD_ECG_LEAD_OFF_PLUS_PIN) ||               \
    defined(BOARD_ECG_LEAD_OFF_MINUS_PIN)
static bool is_high(uint32_t pin) {
  return (GPIO_IN(pin) & GPIO_BIT(pin)) != 0u;
}
#endif

bool inputs_electrode_is_off(void) {
  bool is_off = false;
#ifdef BOARD_ECG_LEAD_OFF_PLUS_PIN
  is_off = is_high(BOARD_ECG_LEAD_OFF_PLUS_PIN);
#endif
#ifdef BOARD_ECG_LEAD_OFF_MINUS_PIN
  is_off = is_off || is_high(BOARD_ECG_LEAD_OFF_MINUS_PIN);
#endif
  return is_off;
}

#if BOARD_CAN_ACKNOWLEDGE
bool board_acknowledges(void) {
  return !is_high(BOARD_INPUTS_ACKNOWLEDGE_PIN);
}
#endif
