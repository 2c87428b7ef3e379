/* What a phone can see without a connection: the manufacturer data of the advertisement.
 *
 *   byte   0, 1   company identifier 0xFFFF (Bluetooth assigned numbers: for tests, of no company)
 *          2      layout: 1 of potassium, 2 of a probability, 3 of another task
 *          3      sequence: one more with every change of what follows
 *          4      bits 0 to 2: spl_alert_t; 3, 4: a physiological, a technical alarm is on;
 *                 6: calibrated; 7: replay, not a patient
 *          11, 12 supply in mV; 0: not measured
 *
 *   layout 1: 5, 6   SPL in micro-equivalents a litre; 0xFFFF: no estimate
 *             7, 8   lower end of its interval; 0xFFFF: none
 *             9, 10  upper end; 0xFFFF: none
 *   layout 2: 5, 6   probability in thousandths; 0xFFFF: no estimate
 *             7, 8   the SPL that it is about: at or above so many micro-equivalents a litre
 *             9, 10  the probability from which on the alert state is "likely", thousandths
 *   layout 3: 5 to 8 value in thousandths of the model's unit, an int32; -2^31: no estimate
 *             9, 10  0xFFFF
 *
 * Values of several bytes are little-endian. */
#ifndef ADVERT_H
#define ADVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "spl.h"

#define ADVERT_COMPANY 0xFFFFu
#define ADVERT_LAYOUT ((uint32_t)SPL_TASK)
#define ADVERT_PHYSIOLOGICAL (1u << 3)
#define ADVERT_TECHNICAL (1u << 4)
#define ADVERT_CALIBRATED (1u << 6)
#define ADVERT_REPLAY (1u << 7)
#define ADVERT_NONE 0xFFFFu

/* Advertises the alert state of a stream and its last estimate, where one counts. Does nothing where the board
 * cannot. */
void advert_update(const spl_t *spl, bool replay);

#endif
