#include "show.h"

#include <zephyr/drivers/gpio.h>
#include <zephyr/kernel.h>

#include "board.h"

#define HAS_LEAD_OFF (IS_ENABLED(CONFIG_GPIO) && DT_NODE_HAS_PROP(ZEPHYR_USER, lead_off_gpios))

#if BOARD_CAN_SHOW && DT_NODE_EXISTS(DT_ALIAS(led0))
static const struct gpio_dt_spec led = GPIO_DT_SPEC_GET(DT_ALIAS(led0), gpios);
#endif
#if BOARD_CAN_SHOW && DT_NODE_HAS_PROP(ZEPHYR_USER, alert_gpios)
static const struct gpio_dt_spec alert = GPIO_DT_SPEC_GET(ZEPHYR_USER, alert_gpios);
#endif
#if BOARD_CAN_ACKNOWLEDGE
static const struct gpio_dt_spec button = GPIO_DT_SPEC_GET(DT_ALIAS(sw0), gpios);
#endif
#if HAS_LEAD_OFF
static const struct gpio_dt_spec lead_off[] = {
    GPIO_DT_SPEC_GET_BY_IDX(ZEPHYR_USER, lead_off_gpios, 0),
    GPIO_DT_SPEC_GET_BY_IDX(ZEPHYR_USER, lead_off_gpios, 1),
};
#endif

#if BOARD_CAN_SHOW || BOARD_CAN_ACKNOWLEDGE || HAS_LEAD_OFF
static void configure(const struct gpio_dt_spec *pin, gpio_flags_t flags) {
  if (!gpio_is_ready_dt(pin) || gpio_pin_configure_dt(pin, flags) != 0) {
    k_panic(); /* an alarm that cannot be shown is none */
  }
}
#endif

void show_init(void) {
#if BOARD_CAN_SHOW && DT_NODE_EXISTS(DT_ALIAS(led0))
  configure(&led, GPIO_OUTPUT_INACTIVE);
#endif
#if BOARD_CAN_SHOW && DT_NODE_HAS_PROP(ZEPHYR_USER, alert_gpios)
  configure(&alert, GPIO_OUTPUT_INACTIVE);
#endif
#if BOARD_CAN_ACKNOWLEDGE
  configure(&button, GPIO_INPUT);
#endif
#if HAS_LEAD_OFF
  configure(&lead_off[0], GPIO_INPUT);
  configure(&lead_off[1], GPIO_INPUT);
#endif
}

#if BOARD_CAN_SHOW
void board_show(uint32_t outputs) {
#if DT_NODE_EXISTS(DT_ALIAS(led0))
  (void)gpio_pin_set_dt(&led, (outputs & BOARD_SHOW_LED) != 0u ? 1 : 0);
#endif
#if DT_NODE_HAS_PROP(ZEPHYR_USER, alert_gpios)
  (void)gpio_pin_set_dt(&alert, (outputs & BOARD_SHOW_ALERT) != 0u ? 1 : 0);
#endif
}
#endif

#if BOARD_CAN_ACKNOWLEDGE
bool board_acknowledges(void) {
  return gpio_pin_get_dt(&button) == 1;
}
#endif

bool show_electrode_is_off(void) {
#if HAS_LEAD_OFF
  return gpio_pin_get_dt(&lead_off[0]) != 0 || gpio_pin_get_dt(&lead_off[1]) != 0;
#else
  return false;
#endif
}
