/* A recording, compiled in: int16 counts, little-endian, at BOARD_FS_HZ. */
#include <stdint.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/byteorder.h>

#include "board.h"
#include "line.h"
#include "sample_ring.h"
#include "sampler.h"
#include "sampling.h"

static const uint8_t recording[] = {
#include "recording.inc"
};

#define SAMPLES (sizeof recording / sizeof(int16_t))

static volatile uint32_t played;

static void take_sample(void) {
  const uint32_t at = played;
  if (at < SAMPLES) {
    sample_ring_put((int16_t)sys_get_le16(&recording[at * sizeof(int16_t)]));
    played = at + 1u;
  }
}

void sampler_start(void) {
  sampling_start(take_sample);
}

bool sampler_has_ended(void) {
  return played == SAMPLES;
}

void sampler_end(void) {
  line_send_text("# end");
  (void)k_sleep(K_FOREVER);
  CODE_UNREACHABLE;
}

#if BOARD_CAN_MEASURE_BATTERY
uint16_t board_battery_mv(void) {
  return 0; /* nothing is measured */
}
#endif
