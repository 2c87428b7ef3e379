/* The samples held, as rows. */
#include "spl_frontend_parts.h"

const int16_t *spl_raw_row(const spl_frontend_t *frontend, int32_t age, int32_t count,
                           int16_t *row) {
  int32_t place = raw_place(frontend, age);
  if ((uint32_t)age <= frontend->now && place + count <= SPL_FE_RING) {
    return &frontend->raw[place];
  }
  for (int32_t index = 0; index < count; index++, age--) {
    row[index] = raw_at(frontend, (uint32_t)age <= frontend->now ? age : (int32_t)frontend->now);
  }
  return row;
}
