#include "spl_add_broadcast_s8.h"

#include <stddef.h>

void spl_add_broadcast_s8(const spl_add_broadcast_s8_t *op, const int8_t *input,
                          const int8_t *other, int8_t *output, void *scratch) {
  int8_t *room = output;
  if (op->second != NULL) {
    spl_copy_s8(op->second, other, output, NULL);
    other = output;
    room = scratch;
  }
  if (op->first != NULL) {
    spl_copy_s8(op->first, input, room, NULL);
    input = room;
  }
  spl_add_s8(op->add, input, other, output, NULL);
}
