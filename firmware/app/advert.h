/* What a phone can see without a connection: an advertisement with this record as its manufacturer data.
 *
 *   byte   0, 1   company identifier 0xFFFF (Bluetooth assigned numbers: for tests, of no company)
 *          2      layout: 1 of potassium, 2 of a probability, 3 of another task
 *          3      sequence: one more with every record
 *          4      bits 0 to 2: spl_alert_t; 3, 4: a physiological, a technical alarm is on;
 *                 6: calibrated; 7: replay, not a patient
 *          11, 12 supply in mV; 0: not measured
 *          13, 14 session; 15, 16 sequence, its higher bytes: where it is encrypted
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
 * Values of several bytes are little-endian.
 *
 * A device that was told to broadcast encrypts it, by the keys of keys.h, as Encrypted Advertising Data
 * (Supplement to the Bluetooth Core Specification, CSS v11, Part A, 1.23), and sends it from a private
 * address that changes. Session and sequence never come together twice: who has seen a record knows an old
 * one again. Firmware that was built to broadcast in clear sends the first 13 bytes, from an address that
 * stays. */
#ifndef ADVERT_H
#define ADVERT_H

#include <stdbool.h>
#include <stdint.h>

#include "app_config.h"
#include "board.h"
#include "spl.h"

#define ADVERT_COMPANY 0xFFFFu
#define ADVERT_LAYOUT ((uint32_t)SPL_TASK)
#define ADVERT_PHYSIOLOGICAL (1u << 3)
#define ADVERT_TECHNICAL (1u << 4)
#define ADVERT_CALIBRATED (1u << 6)
#define ADVERT_REPLAY (1u << 7)
#define ADVERT_NONE 0xFFFFu

#define ADVERT_IS_SEALED (BOARD_CAN_ADVERTISE && !APP_BROADCASTS_IN_CLEAR)

/* Bluetooth's T_GAP(private_addr_int): how long an address serves. */
#define ADVERT_ADDRESS_S 900u

/* Advertises the alert state of a stream and its last estimate, where one counts, if that is another record than
 * before, or if its address has served its time. Ends broadcasts that are no longer asked for. Does nothing
 * where the board cannot. */
void advert_update(const spl_t *spl, bool replay);

/* A sample has passed. True where an update is due though nothing has changed. */
bool advert_tick(void);

#endif
