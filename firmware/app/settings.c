#include "settings.h"

#include <string.h>

#include "crc.h"

#define MAGIC 0x334C5053u /* "SPL3" */

/* The settings lie in words as they lie in memory: all of our processors are little-endian. */
enum { AT_MAGIC, AT_SEQUENCE, AT_MODEL, AT_SETTINGS, AT_CRC = BOARD_STORE_WORDS - 1 };

#define SETTINGS_WORDS (AT_CRC - AT_SETTINGS)

typedef char assume_record_fits[sizeof(settings_t) == SETTINGS_WORDS * 4 ? 1 : -1];

/* What all layouts so far begin with: "SPL" and a digit, the digit last. */
#define ANY_MAGIC 0x004C5053u
#define ANY_MAGIC_MASK 0x00FFFFFFu

static settings_t now;

bool settings_are_sane(const settings_t *settings) {
#if SPL_TASK == SPL_TASK_POTASSIUM
  return spl_levels_are_sane(settings->high, settings->critical) &&
         spl_check_tests(settings->tests, settings->count, settings->day) == SPL_OK;
#else
  (void)settings;
  return true;
#endif
}

const settings_t *settings_now(void) {
  return &now;
}

void settings_set_day(uint16_t day) {
  now.day = day;
}

/* Blood tests that are not of this model are left out; how many. */
static uint32_t unpack(const uint32_t words[BOARD_STORE_WORDS], settings_t *settings) {
  memcpy(settings, &words[AT_SETTINGS], sizeof *settings);
  if (words[AT_MODEL] == SPL_MODEL_TAG) {
    return 0;
  }
  const uint32_t left_out = settings->count;
  settings->count = 0;
  memset(settings->tests, 0, sizeof settings->tests);
  return left_out;
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

static bool was_settings(uint32_t slot) {
  return (board_store_read(slot, AT_MAGIC) & ANY_MAGIC_MASK) == ANY_MAGIC;
}

bool settings_load(uint32_t *dropped) {
  static const settings_t defaults = {.high = SPL_ALERT_HIGH_LEVEL,
                                      .critical = SPL_ALERT_CRITICAL_LEVEL};
  *dropped = 0;
  now = defaults;
  if (!BOARD_CAN_STORE) {
    return true;
  }
  uint32_t words[BOARD_STORE_WORDS];
  if (find(words) == BOARD_STORE_SLOTS) {
    return !was_settings(0) && !was_settings(1);
  }
  settings_t stored;
  const uint32_t left_out = unpack(words, &stored);
  if (!settings_are_sane(&stored)) {
    return false;
  }
  *dropped = left_out;
  now = stored;
  return true;
}

/* Whether a slot's words, in this layout and of this model, are these settings. */
static bool is_same(const uint32_t words[BOARD_STORE_WORDS], const settings_t *settings) {
  uint32_t others[SETTINGS_WORDS];
  bool same = words[AT_MAGIC] == MAGIC && words[AT_MODEL] == SPL_MODEL_TAG;
  memcpy(others, settings, sizeof others);
  for (uint32_t i = 0; i < SETTINGS_WORDS; i++) {
    same = same && others[i] == words[AT_SETTINGS + i];
  }
  return same;
}

/* Whether the flash holds them afterwards. */
static bool write(const settings_t *settings) {
  uint32_t words[BOARD_STORE_WORDS];
  const uint32_t newest = find(words);
  if (newest != BOARD_STORE_SLOTS && is_same(words, settings)) {
    return true;
  }
  const uint32_t slot = newest == 0u ? 1u : 0u;
  words[AT_SEQUENCE] = newest == BOARD_STORE_SLOTS ? 0u : words[AT_SEQUENCE] + 1u;
  words[AT_MAGIC] = MAGIC;
  words[AT_MODEL] = SPL_MODEL_TAG;
  memcpy(&words[AT_SETTINGS], settings, sizeof *settings);
  words[AT_CRC] = crc32_of_words(words, AT_CRC);
  board_store_erase(slot);
  for (uint32_t i = 0; i < BOARD_STORE_WORDS; i++) {
    board_store_program(slot, i, words[i]);
  }
  return find(words) == slot;
}

bool settings_store(const settings_t *settings) {
  if (BOARD_CAN_STORE && !write(settings)) {
    return false;
  }
  now = *settings;
  return true;
}
