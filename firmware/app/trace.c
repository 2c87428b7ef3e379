#include "trace.h"

#include "app_config.h"
#include "line.h"

#define POINTS_PER_S 100u
#define STEP ((BOARD_FS_HZ + POINTS_PER_S / 2u) / POINTS_PER_S)
#define POINTS 16u /* of a line: 6 lines a second */

static bool is_on;
static uint32_t first; /* the sample that the line starts with */
static uint32_t taken; /* samples since then */
static int32_t sum;
static int16_t points[POINTS];

void trace_set(bool on) {
  is_on = on;
  taken = 0;
}

static void report_points(void) {
  line_begin('T');
  line_unsigned(first);
  line_unsigned(STEP);
  line_word("");
  for (uint32_t i = 0; i < POINTS; i++) {
    line_hex((uint16_t)points[i]);
  }
  line_send();
}

void trace_push(int16_t sample, uint32_t number) {
  if (!is_on) {
    return;
  }
  if (taken == 0u || number == 0u) {
    first = number;
    taken = 0;
    sum = 0;
  }
  sum += sample;
  taken++;
  if (taken % STEP == 0u) {
    points[taken / STEP - 1u] = (int16_t)(sum / (int32_t)STEP);
    sum = 0;
  }
  if (taken == STEP * POINTS) {
    report_points();
    taken = 0;
  }
}
