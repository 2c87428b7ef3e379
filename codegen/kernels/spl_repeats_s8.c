#include "spl_repeats_s8.h"

#include <stddef.h>

void spl_repeat_s8(const spl_repeats_s8_t *op, const int8_t *operands[2], int8_t *output,
                   void *scratch) {
  int8_t *room = output;
  if (op->second != NULL) {
    spl_copy_s8(op->second, operands[1], output, NULL);
    operands[1] = output;
    room = (int8_t *)scratch;
  }
  if (op->first != NULL) {
    spl_copy_s8(op->first, operands[0], room, NULL);
    operands[0] = room;
  }
}
