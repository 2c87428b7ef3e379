#include "receive_ring.h"

/* Both run freely and wrap; their difference is the fill level. Each has one writer. */
static volatile uint32_t written;
static volatile uint32_t taken;
static volatile char ring[RECEIVE_RING_SIZE];

void receive_ring_put(char letter) {
  uint32_t at = written;
  if (at - taken < RECEIVE_RING_SIZE) {
    ring[at % RECEIVE_RING_SIZE] = letter;
    written = at + 1u;
  }
}

bool receive_ring_take(char *letter) {
  uint32_t at = taken;
  if (at == written) {
    return false;
  }
  *letter = ring[at % RECEIVE_RING_SIZE];
  taken = at + 1u;
  return true;
}

bool receive_ring_is_empty(void) {
  return taken == written;
}
