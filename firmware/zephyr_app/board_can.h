/* What Zephyr's board offers: as far as its devicetree and the configuration say so. */
#ifndef BOARD_CAN_H
#define BOARD_CAN_H

#include <zephyr/devicetree.h>
#include <zephyr/sys/util_macro.h>

#define ZEPHYR_USER DT_PATH(zephyr_user)

#define BOARD_CAN_RECEIVE 1
#if IS_ENABLED(CONFIG_SETTINGS)
#define BOARD_CAN_STORE 1
#else
#define BOARD_CAN_STORE 0
#endif
#if IS_ENABLED(CONFIG_GPIO) &&                                                                     \
    (DT_NODE_EXISTS(DT_ALIAS(led0)) || DT_NODE_HAS_PROP(ZEPHYR_USER, alert_gpios))
#define BOARD_CAN_SHOW 1
#else
#define BOARD_CAN_SHOW 0
#endif
#if IS_ENABLED(CONFIG_GPIO) && DT_NODE_EXISTS(DT_ALIAS(sw0))
#define BOARD_CAN_ACKNOWLEDGE 1
#else
#define BOARD_CAN_ACKNOWLEDGE 0
#endif
/* The second channel of the converter, where there is one, is the supply. */
#if IS_ENABLED(CONFIG_ADC) && DT_PROP_HAS_IDX(ZEPHYR_USER, io_channels, 1)
#define BOARD_CAN_MEASURE_BATTERY 1
#else
#define BOARD_CAN_MEASURE_BATTERY 0
#endif
/* Whoever has paired reads the GATT service; nothing is broadcast. */
#define BOARD_CAN_ADVERTISE 0

#endif
