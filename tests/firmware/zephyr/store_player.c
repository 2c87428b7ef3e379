/* The store of zephyr-app on a settings subsystem of two values in memory. Each argument is a step: what it
 * reads is printed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zephyr/settings/settings.h>

#include "board.h"
#include "store.h"

#define VALUES 2
#define BYTES 128

static struct {
  const char *name;
  unsigned char bytes[BYTES];
  size_t size;
} values[VALUES] = {{.name = "splkit/0"}, {.name = "splkit/1"}};

static int is_full;

static int find(const char *name) {
  for (int i = 0; i < VALUES; i++) {
    if (strcmp(values[i].name, name) == 0) {
      return i;
    }
  }
  abort();
}

int settings_subsys_init(void) {
  return 0;
}

int settings_load_subtree(const char *subtree) {
  return strcmp(subtree, "bt") == 0 ? 0 : -1;
}

static ssize_t give(void *context, void *data, size_t size) {
  memcpy(data, context, size);
  return (ssize_t)size;
}

int settings_load_subtree_direct(const char *subtree, settings_load_direct_cb take,
                                 void *parameter) {
  const int i = find(subtree);
  return values[i].size == 0 ? 0 : take(NULL, values[i].size, give, values[i].bytes, parameter);
}

int settings_save_one(const char *name, const void *value, size_t size) {
  if (is_full) {
    return -1;
  }
  const int i = find(name);
  memcpy(values[i].bytes, value, size);
  values[i].size = size;
  return 0;
}

int settings_delete(const char *name) {
  values[find(name)].size = 0;
  return 0;
}

static void program(uint32_t slot, uint32_t words) {
  for (uint32_t word = 0; word < words; word++) {
    board_store_program(slot, word, 100u * (slot + 1u) + word);
  }
}

int main(int count, char **steps) {
  for (int i = 1; i < count; i++) {
    const uint32_t slot = (uint32_t)steps[i][1] - (uint32_t)'0';
    switch (steps[i][0]) {
    case 's':
      store_init(); /* a reset, too */
      break;
    case 'e':
      board_store_erase(slot);
      break;
    case 'p':
      program(slot, BOARD_STORE_WORDS);
      break;
    case 'h':
      program(slot, BOARD_STORE_WORDS / 2u);
      break;
    case 'f':
      is_full = 1;
      break;
    case 'x':
      values[slot].size = 8; /* of another version */
      break;
    default:
      printf("%u %u\n", board_store_read(slot, 0), board_store_read(slot, BOARD_STORE_WORDS - 1u));
    }
  }
  return 0;
}
