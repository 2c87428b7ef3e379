#include "spl_model.h"

#include <string.h>

__attribute__((noinline)) static int8_t largest(const int8_t *values) {
  int8_t found = values[0];
  for (int i = 1; i < SPL_INPUT_SIZE; i++) {
    found = values[i] > found ? values[i] : found;
  }
  return found;
}

spl_status_t spl_infer(spl_model_t *model, const int8_t *input, int8_t *output) {
  memcpy(model->arena, input, SPL_INPUT_SIZE);
  memset(output, ~largest(model->arena), (size_t)SPL_OUTPUT_SIZE);
  return SPL_OK;
}

spl_status_t spl_self_test(spl_model_t *model) {
  return model == NULL ? SPL_ERROR_NULL : SPL_OK;
}
