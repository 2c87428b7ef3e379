/* What a board of this family offers: as far as its board.toml says where. */
#ifndef BOARD_CAN_H
#define BOARD_CAN_H

#include "app_config.h"
#include "has_radio.h"

#define BOARD_CAN_RECEIVE 1
#define BOARD_CAN_STORE 1
#if defined(BOARD_OUTPUTS_LED_PIN) || defined(BOARD_OUTPUTS_ALERT_PIN)
#define BOARD_CAN_SHOW 1
#else
#define BOARD_CAN_SHOW 0
#endif
#define BOARD_CAN_ADVERTISE CHIP_HAS_RADIO
#if defined(BOARD_ECG_INPUT) && !defined(BOARD_BATTERY_AT_UNKNOWN)
#define BOARD_CAN_MEASURE_BATTERY 1 /* by the converter that samples the ECG */
#else
#define BOARD_CAN_MEASURE_BATTERY 0
#endif
#ifdef BOARD_INPUTS_ACKNOWLEDGE_PIN
#define BOARD_CAN_ACKNOWLEDGE 1
#else
#define BOARD_CAN_ACKNOWLEDGE 0
#endif

#endif
