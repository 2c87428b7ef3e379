#include "store.h"

#include <errno.h>
#include <string.h>
#include <zephyr/kernel.h>
#include <zephyr/settings/settings.h>
#include <zephyr/sys/util.h>

#include "board.h"

#if BOARD_CAN_STORE

#define TREE "splkit"

static const char *const names[BOARD_STORE_SLOTS] = {TREE "/0", TREE "/1"};

/* As the flash has them, and while a slot is written as it will be. */
static uint32_t slots[BOARD_STORE_SLOTS][BOARD_STORE_WORDS];

static int take(const char *key, size_t size, settings_read_cb read, void *context, void *slot) {
  ARG_UNUSED(key);
  if (size != sizeof slots[0] || read(context, slot, size) != (ssize_t)size) {
    memset(slot, UINT8_MAX, sizeof slots[0]);
  }
  return 0;
}

static void fetch(uint32_t slot) {
  memset(slots[slot], UINT8_MAX, sizeof slots[0]);
  (void)settings_load_subtree_direct(names[slot], take, slots[slot]);
}

void store_init(void) {
  if (settings_subsys_init() != 0) {
    memset(slots, UINT8_MAX, sizeof slots); /* what is stored then reads back as erased */
    return;
  }
  for (uint32_t slot = 0; slot < BOARD_STORE_SLOTS; slot++) {
    fetch(slot);
  }
}

void store_load_bonds(void) {
  (void)settings_load_subtree("bt");
}

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return slots[slot][word];
}

void board_store_erase(uint32_t slot) {
  (void)settings_delete(names[slot]);
  memset(slots[slot], UINT8_MAX, sizeof slots[0]);
}

/* The last word writes the slot, which is then read back from flash. */
void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  slots[slot][word] = value;
  if (word == BOARD_STORE_WORDS - 1u) {
    (void)settings_save_one(names[slot], slots[slot], sizeof slots[0]);
    fetch(slot);
  }
}

#endif
