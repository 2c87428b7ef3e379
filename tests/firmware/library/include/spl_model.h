/* A stand-in for the generated model: the interface, and arithmetic that a test can do in its head.
 */
#ifndef SPL_MODEL_H
#define SPL_MODEL_H

#include <stdint.h>

#include "spl_contract.h"

#define SPL_INPUT_SIZE 270
#define SPL_OUTPUT_SIZE ((int32_t)SPL_QUANTILES)

typedef enum {
  SPL_OK = 0,
  SPL_ERROR_NULL = -1,
  SPL_ERROR_CONSTANTS = -2,
  SPL_ERROR_INFERENCE = -3,
  SPL_ERROR_IMPLAUSIBLE = -5,
  SPL_ERROR_RANGE = -6,
  SPL_ERROR_SURPRISE = -7,
  SPL_ERROR_UNLIKE = -8
} spl_status_t;

typedef struct {
  int8_t arena[SPL_INPUT_SIZE];
} spl_model_t;

/* Each output: the largest of the inputs, negated and then complemented: 0 becomes -1, -128 becomes 127.
 */
spl_status_t spl_infer(spl_model_t *model, const int8_t *input, int8_t *output);

/* Has nothing to find. */
spl_status_t spl_self_test(spl_model_t *model);

#endif
