/* A file of its own, so that its 64 bits are compiled once and called. */
#include "spl_alert.h"

int32_t spl_microvolts(int32_t counts) {
  return (int32_t)(((int64_t)counts * SPL_UV_PER_COUNT_Q16 + (1 << 15)) >> 16);
}
