/* What a device is told once and keeps: calibration and alert thresholds, in two slots of flash.
 *
 * A slot holds a magic word, a sequence number, the settings and a CRC-32. The slot with the higher
 * sequence number whose CRC is right is the one that counts; settings are written into the other,
 * the CRC last. So power may go at any instruction: the old settings stand until the new ones are
 * whole. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/* Micro-equivalents a litre throughout: 5500 is 5.5 mEq/L. */
typedef struct {
  int32_t offset; /* added to every estimate: the calibration */
  int32_t high; /* alert thresholds */
  int32_t critical;
} settings_t;

#define SETTINGS_MAX_OFFSET 1500 /* some three times the error of published models: a blunder */
#define SETTINGS_MIN_THRESHOLD 5000
#define SETTINGS_MAX_THRESHOLD 8000
#define SETTINGS_MIN_STEP 300 /* between the thresholds: ALERT_HYSTERESIS */
#define SETTINGS_DEFAULT_HIGH 5500
#define SETTINGS_DEFAULT_CRITICAL 6500

/* Whether settings keep these bounds. */
bool settings_are_sane(const settings_t *settings);

/* Reads them from flash; the defaults where there are none. False where there were some, and no
 * slot is whole. */
bool settings_load(void);

/* The settings in force. */
const settings_t *settings_now(void);

/* Puts sane settings in force and stores them, unless they are already. False where the flash
 * does not hold them afterwards; those before then stay in force. */
bool settings_store(const settings_t *settings);

#endif
