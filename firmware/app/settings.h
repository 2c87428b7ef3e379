/* What a device is told once and keeps: blood tests, alert thresholds and its key, in two slots of flash.
 *
 * A slot holds a magic word, a sequence number, the settings and a CRC-32. The slot with the higher
 * sequence number whose CRC is right is the one that counts; settings are written into the other,
 * the CRC last. So power may go at any instruction: the old settings stand until the new ones are
 * whole. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "aes.h"
#include "board.h"
#include "spl.h"

#define SETTINGS_HAS_KEY (1u << 0)
#define SETTINGS_BROADCASTS (1u << 1) /* what it sees, encrypted */

/* Levels are micro-equivalents a litre: 5500 is 5.5 mEq/L. */
typedef struct {
  int32_t high; /* alert thresholds */
  int32_t critical;
  uint16_t day; /* when this was stored, or today; from any day on that the owner counts from */
  uint16_t count; /* of the tests */
  spl_blood_test_t tests[SPL_MAX_TESTS]; /* the oldest first; all zero behind `count` */
  uint8_t key[AES_BYTES]; /* zeros without SETTINGS_HAS_KEY */
  uint32_t session; /* the last one of the key; 0 before the first: session.h */
  uint32_t flags;
} settings_t;

/* Whether settings keep the bounds of spl_set_levels, and spl_calibrate takes their tests: where the model
 * is one of potassium. */
bool settings_are_sane(const settings_t *settings);

/* Reads them from flash; the defaults where there are none. False where there were some, and no
 * slot is whole. `dropped` says how many blood tests were left out: those of another model, whose
 * estimates were others. */
bool settings_load(uint32_t *dropped);

/* The settings in force. */
const settings_t *settings_now(void);

/* Puts sane settings in force and stores them, unless they are already. False where the flash
 * does not hold them afterwards; those before then stay in force. A board without BOARD_CAN_STORE keeps them
 * until its next reset. */
bool settings_store(const settings_t *settings);

/* Puts another day in force, without storing it. */
void settings_set_day(uint16_t day);

#endif
