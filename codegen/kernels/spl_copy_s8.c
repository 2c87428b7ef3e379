#include "spl_copy_s8.h"

#include <string.h>

/* The two inner loops. */
static void copy_plane(const spl_copy_axis_t *axes, size_t run, const int8_t *input,
                       int8_t *output) {
  for (int32_t i = 0; i < axes[0].count; i++) {
    for (int32_t j = 0; j < axes[1].count; j++) {
      memcpy(output + i * axes[0].output_step + j * axes[1].output_step,
             input + i * axes[0].input_step + j * axes[1].input_step, run);
    }
  }
}

void spl_copy_s8(const spl_copy_s8_t *op, const int8_t *input, int8_t *output, void *scratch) {
  const spl_copy_axis_t *axes = op->axes;
  const int8_t *from = input + op->input_start;
  int8_t *to = output + op->output_start;
  (void)scratch;
  memset(output, op->fill, (size_t)op->filled);
  for (int32_t i = 0; i < axes[0].count; i++) {
    for (int32_t j = 0; j < axes[1].count; j++) {
      copy_plane(axes + 2, (size_t)op->run, from + i * axes[0].input_step + j * axes[1].input_step,
                 to + i * axes[0].output_step + j * axes[1].output_step);
    }
  }
}
