#include "advert.h"

#include <string.h>

#include "alarms.h"
#include "ccm.h"
#include "keys.h"
#include "session.h"
#include "settings.h"

enum { AT_COMPANY, AT_LAYOUT = 2, AT_SEQUENCE, AT_STATE, AT_VALUE, AT_LOW = 7, AT_HIGH = 9 };
#define AT_BATTERY 11
#define CLEAR_BYTES 13
#define AT_SESSION CLEAR_BYTES
#define AT_SEQUENCE_ABOVE 15
#define RECORD_BYTES 17

#define MANUFACTURER_DATA 0xFFu
#define ADDRESS_SAMPLES (ADVERT_ADDRESS_S * BOARD_FS_HZ)

static uint8_t record[CLEAR_BYTES];
static uint32_t sequence;
static uint32_t served; /* samples that the address is in use */
static uint32_t moved_at; /* the sequence number of its first record */

static void put_uint16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)value;
  at[1] = (uint8_t)(value >> 8);
}

#if SPL_TASK != SPL_TASK_OTHER
/* Two bytes say every plausible value. */
typedef char
    assume_values_fit[SPL_PLAUSIBLE_LOW >= 0 && SPL_PLAUSIBLE_HIGH < (int32_t)ADVERT_NONE ? 1 : -1];

static uint32_t as_advertised(int32_t value) {
  return value == SPL_NO_VALUE ? ADVERT_NONE : (uint32_t)value;
}
#endif

static void put_value(uint8_t fresh[CLEAR_BYTES], const spl_t *spl) {
  int32_t value = SPL_NO_VALUE;
  (void)spl_latest(spl, &value);
#if SPL_TASK == SPL_TASK_OTHER
  uint32_t bits = (uint32_t)value;
  put_uint16(&fresh[AT_VALUE], bits);
  put_uint16(&fresh[AT_LOW], bits >> 16);
  put_uint16(&fresh[AT_HIGH], ADVERT_NONE);
#elif SPL_TASK == SPL_TASK_PROBABILITY
  put_uint16(&fresh[AT_VALUE], as_advertised(value));
  put_uint16(&fresh[AT_LOW], SPL_POSITIVE_UEQ_L);
  put_uint16(&fresh[AT_HIGH], SPL_ALERT_HIGH_LEVEL);
#else
  int32_t low = SPL_NO_VALUE;
  int32_t high = SPL_NO_VALUE;
  (void)spl_interval(spl, value, &low, &high);
  put_uint16(&fresh[AT_VALUE], as_advertised(value));
  put_uint16(&fresh[AT_LOW], as_advertised(low));
  put_uint16(&fresh[AT_HIGH], as_advertised(high));
#endif
}

static void fill(uint8_t fresh[CLEAR_BYTES], const spl_t *spl, bool replay) {
  put_uint16(&fresh[AT_COMPANY], ADVERT_COMPANY);
  fresh[AT_LAYOUT] = (uint8_t)ADVERT_LAYOUT;
  fresh[AT_SEQUENCE] = record[AT_SEQUENCE];
  fresh[AT_STATE] = (uint8_t)((uint32_t)spl_alert(spl) | (replay ? ADVERT_REPLAY : 0u) |
                              (settings_now()->count != 0u ? ADVERT_CALIBRATED : 0u) |
                              (alarms_any(ALARM_CRITICAL, ALARM_HIGH) ? ADVERT_PHYSIOLOGICAL : 0u) |
                              (alarms_any(ALARM_DEVICE, ALARM_BATTERY) ? ADVERT_TECHNICAL : 0u));
  put_value(fresh, spl);
  put_uint16(&fresh[AT_BATTERY], BOARD_CAN_MEASURE_BATTERY ? board_battery_mv() : 0u);
}

/* An AD structure of the record's first bytes: how many it takes. */
static uint8_t put_record(uint8_t *at, uint8_t bytes) {
  at[0] = (uint8_t)(bytes + 1u);
  at[1] = MANUFACTURER_DATA;
  memcpy(&at[2], record, CLEAR_BYTES);
  return (uint8_t)(bytes + 2u);
}

#if ADVERT_IS_SEALED
#define ENCRYPTED_DATA 0x31u
#define HEADER_BYTES 2u
#define RANDOMIZER_BYTES 5u
#define MIC_BYTES 4u
#define AT_INNER (HEADER_BYTES + RANDOMIZER_BYTES)

typedef char assume_it_fits[AT_INNER + 2 + RECORD_BYTES + MIC_BYTES <= BOARD_ADVERT_BYTES ? 1 : -1];

/* Session and sequence make a number of 39 bits, whose order a listener must not see. So they are permuted:
 * four rounds of a Feistel network over 20 and 19 bits, whose function is AES (Luby and Rackoff, 1988). The
 * 40th bit is the direction, and set. */
#define UPPER_BITS 20u
#define UPPER_MASK ((1u << UPPER_BITS) - 1u)
#define LOWER_MASK ((1u << 19) - 1u)
#define SEQUENCE_BITS 23u
#define SEQUENCE_MASK ((1u << SEQUENCE_BITS) - 1u)

static uint32_t round_of(uint32_t number, uint32_t half) {
  uint8_t derived[AES_BYTES];
  uint32_t word;
  keys_derive(KEYS_RANDOMIZER, number, half, derived);
  memcpy(&word, derived, sizeof word);
  return word;
}

static void put_randomizer(uint8_t at[RANDOMIZER_BYTES], uint32_t session) {
  uint32_t upper = (session << 4 | sequence >> 19) & UPPER_MASK;
  uint32_t lower = sequence & LOWER_MASK;
  for (uint32_t number = 0; number < 4u; number += 2u) {
    upper ^= round_of(number, lower) & UPPER_MASK;
    lower ^= round_of(number + 1u, upper) & LOWER_MASK;
  }
  const uint32_t low_word = upper << 19 | lower;
  memcpy(at, &low_word, sizeof low_word);
  at[4] = (uint8_t)(0x80u | upper >> 13);
}

/* The two highest bits are 0: a non-resolvable private address (Core 5.4, Vol 6, Part B, 1.3.2.2). */
static void put_address(board_advert_t *advert, uint32_t session) {
  uint8_t derived[AES_BYTES];
  keys_derive(KEYS_ADDRESS, session, moved_at, derived);
  memcpy(advert->address, derived, BOARD_ADDRESS_BYTES);
  advert->address[BOARD_ADDRESS_BYTES - 1u] &= 0x3F;
  advert->has_address = true;
}

static void seal(board_advert_t *advert, uint32_t session) {
  static const uint8_t additional = 0xEA;
  uint8_t key[AES_BYTES];
  uint8_t iv[AES_BYTES];
  uint8_t nonce[CCM_NONCE_BYTES];
  uint8_t *inner = &advert->data[AT_INNER];
  put_address(advert, session);
  put_randomizer(nonce, session);
  keys_derive(KEYS_ADVERT_IV, 0, 0, iv);
  memcpy(&nonce[RANDOMIZER_BYTES], iv, CCM_NONCE_BYTES - RANDOMIZER_BYTES);
  keys_derive(KEYS_ADVERT, 0, 0, key);
  const uint8_t bytes = put_record(inner, RECORD_BYTES);
  put_uint16(&inner[2 + AT_SESSION], session);
  put_uint16(&inner[2 + AT_SEQUENCE_ABOVE], sequence >> 8);
  const ccm_header_t header = {&additional, sizeof additional};
  ccm_seal(key, nonce, header, inner, bytes, &inner[bytes], MIC_BYTES);
  memcpy(&advert->data[HEADER_BYTES], nonce, RANDOMIZER_BYTES);
  advert->length = (uint8_t)(AT_INNER + bytes + MIC_BYTES);
  advert->data[0] = (uint8_t)(advert->length - 1u);
  advert->data[1] = ENCRYPTED_DATA;
}

static bool is_asked_for(void) {
  return (settings_now()->flags & SETTINGS_BROADCASTS) != 0u;
}

/* No data where no session can be had. */
static void put_together(board_advert_t *advert) {
  const uint32_t session = session_number();
  if (session != 0u && sequence <= SEQUENCE_MASK) {
    seal(advert, session);
  }
}
#else
static bool is_asked_for(void) {
  return true;
}

static void put_together(board_advert_t *advert) {
  advert->length = put_record(advert->data, CLEAR_BYTES);
}
#endif

void advert_update(const spl_t *spl, bool replay) {
  static bool was_on;
  if (!BOARD_CAN_ADVERTISE) {
    return;
  }
  const bool is_on = is_asked_for();
  const bool moves = is_on && (!was_on || served == ADDRESS_SAMPLES);
  uint8_t fresh[CLEAR_BYTES];
  if (moves || !is_on) {
    served = 0;
  }
  if (!is_on && !was_on) {
    return;
  }
  fill(fresh, spl, replay);
  bool changed = is_on != was_on || moves;
  for (uint32_t i = 0; i < CLEAR_BYTES; i++) {
    changed = changed || fresh[i] != record[i];
    record[i] = fresh[i];
  }
  if (!changed) {
    return;
  }
  board_advert_t advert = {0};
  was_on = is_on;
  sequence++;
  record[AT_SEQUENCE] = (uint8_t)sequence;
  if (moves) {
    moved_at = sequence;
  }
  if (is_on) {
    put_together(&advert);
  }
  board_advertise(&advert);
}

bool advert_tick(void) {
  served += served < ADDRESS_SAMPLES ? 1u : 0u;
  return served == ADDRESS_SAMPLES;
}
