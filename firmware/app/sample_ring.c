#include "sample_ring.h"

/* Both run freely and wrap; their difference is the fill level. Each has one writer. */
static volatile uint32_t written;
static volatile uint32_t taken;
static volatile uint32_t lost;
static volatile int16_t ring[SAMPLE_RING_SIZE];

void sample_ring_put(int16_t sample) {
  uint32_t at = written;
  if (at - taken >= SAMPLE_RING_SIZE) {
    lost = lost + 1u;
    return;
  }
  ring[at % SAMPLE_RING_SIZE] = sample;
  written = at + 1u;
}

void sample_ring_miss(void) {
  lost = lost + 1u;
}

bool sample_ring_take(int16_t *sample) {
  uint32_t at = taken;
  if (at == written) {
    return false;
  }
  *sample = ring[at % SAMPLE_RING_SIZE];
  taken = at + 1u;
  return true;
}

bool sample_ring_is_empty(void) {
  return taken == written;
}

uint32_t sample_ring_lost(void) {
  return lost;
}
