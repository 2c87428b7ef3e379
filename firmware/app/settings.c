#include "settings.h"

#include "crc.h"

#define MAGIC 0x314C5053u /* "SPL1" */

enum { AT_MAGIC, AT_SEQUENCE, AT_OFFSET, AT_HIGH, AT_CRITICAL, AT_CRC };

typedef char assume_record_fits[AT_CRC + 1 == BOARD_STORE_WORDS ? 1 : -1];

static settings_t now;

bool settings_are_sane(const settings_t *settings) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  return spl_levels_are_sane(settings->offset, settings->high, settings->critical);
#else
  (void)settings;
  return false;
#endif
}

const settings_t *settings_now(void) {
  return &now;
}

static bool read_slot(uint32_t slot, uint32_t words[BOARD_STORE_WORDS]) {
  for (uint32_t i = 0; i < BOARD_STORE_WORDS; i++) {
    words[i] = board_store_read(slot, i);
  }
  return words[AT_MAGIC] == MAGIC && words[AT_CRC] == crc32_of_words(words, AT_CRC);
}

/* The slot that counts, its words in `words`; BOARD_STORE_SLOTS where none is whole. */
static uint32_t find(uint32_t words[BOARD_STORE_WORDS]) {
  uint32_t other[BOARD_STORE_WORDS];
  bool first = read_slot(0, words);
  bool second = read_slot(1, other);
  /* Sequence numbers wrap: the later one is less than half their range ahead. */
  if (second && (!first || (int32_t)(other[AT_SEQUENCE] - words[AT_SEQUENCE]) > 0)) {
    for (uint32_t i = 0; i < BOARD_STORE_WORDS; i++) {
      words[i] = other[i];
    }
    return 1;
  }
  return first ? 0u : BOARD_STORE_SLOTS;
}

static settings_t unpack(const uint32_t words[BOARD_STORE_WORDS]) {
  settings_t settings = {(int32_t)words[AT_OFFSET], (int32_t)words[AT_HIGH],
                         (int32_t)words[AT_CRITICAL]};
  return settings;
}

bool settings_load(void) {
  now.offset = 0;
  now.high = SPL_ALERT_HIGH_LEVEL;
  now.critical = SPL_ALERT_CRITICAL_LEVEL;
  if (!SETTINGS_CAN_STORE) {
    return true;
  }
  uint32_t words[BOARD_STORE_WORDS];
  if (find(words) == BOARD_STORE_SLOTS) {
    return board_store_read(0, AT_MAGIC) != MAGIC && board_store_read(1, AT_MAGIC) != MAGIC;
  }
  settings_t stored = unpack(words);
  if (!settings_are_sane(&stored)) {
    return false;
  }
  now = stored;
  return true;
}

static bool is_same(const settings_t *one, const settings_t *other) {
  return one->offset == other->offset && one->high == other->high &&
         one->critical == other->critical;
}

bool settings_store(const settings_t *settings) {
  if (!SETTINGS_CAN_STORE) {
    return false;
  }
  uint32_t words[BOARD_STORE_WORDS];
  uint32_t newest = find(words);
  settings_t stored = unpack(words);
  if (newest == BOARD_STORE_SLOTS || !is_same(&stored, settings)) {
    uint32_t slot = newest == 0u ? 1u : 0u;
    words[AT_SEQUENCE] = newest == BOARD_STORE_SLOTS ? 0u : words[AT_SEQUENCE] + 1u;
    words[AT_MAGIC] = MAGIC;
    words[AT_OFFSET] = (uint32_t)settings->offset;
    words[AT_HIGH] = (uint32_t)settings->high;
    words[AT_CRITICAL] = (uint32_t)settings->critical;
    words[AT_CRC] = crc32_of_words(words, AT_CRC);
    board_store_erase(slot);
    for (uint32_t i = 0; i < BOARD_STORE_WORDS; i++) {
      board_store_program(slot, i, words[i]);
    }
    if (find(words) != slot) {
      return false;
    }
  }
  now = *settings;
  return true;
}
