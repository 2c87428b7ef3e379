/* What a phone can see without a connection: the manufacturer data of the advertisement.
 *
 *   byte   0, 1   company identifier 0xFFFF (Bluetooth assigned numbers: for tests, of no company)
 *          2      layout: 1
 *          3      sequence: one more with every change of what follows
 *          4      bits 0 to 2: alert_t; bit 6: calibrated; bit 7: replay, not a patient
 *          5, 6   SPL in micro-equivalents a litre; 0xFFFF: no estimate
 *          7, 8   lower end of its interval; 0xFFFF: none
 *          9, 10  upper end; 0xFFFF: none
 *          11, 12 supply in mV; 0: not measured
 *
 * Values of two bytes are little-endian. */
#ifndef ADVERT_H
#define ADVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "alert.h"

#define ADVERT_COMPANY 0xFFFFu
#define ADVERT_LAYOUT 1u
#define ADVERT_CALIBRATED (1u << 6)
#define ADVERT_REPLAY (1u << 7)
#define ADVERT_NONE 0xFFFFu

/* Advertises the alert state and an SPL in micro-equivalents a litre, calibrated; NULL where none
 * counts. Does nothing where the board cannot. */
void advert_update(alert_t alert, const int32_t *spl_ueq_l, bool replay);

#endif
