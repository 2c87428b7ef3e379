#include "spl_clamp_s8.h"

#include "spl_fixed_point.h"

void spl_clamp_s8(int8_t *values, int32_t count, int32_t low, int32_t high) {
  if (low <= INT8_MIN && high >= INT8_MAX) {
    return;
  }
  for (const int8_t *end = values + count; values != end; values++) {
    *values = (int8_t)spl_clamp(*values, low, high);
  }
}
