/* Not part of the firmware: the smallest program that holds an inference. It is linked, and never
 * run, to measure the flash and the RAM that inference takes by itself, its input and output
 * included. */
#include "spl_model.h"

static spl_model_t model;
static int8_t input[SPL_INPUT_SIZE];
static int8_t output[SPL_OUTPUT_SIZE];

int8_t footprint(int8_t value);

int8_t footprint(int8_t value) {
  input[0] = value;
  (void)spl_infer(&model, input, output);
  return output[0];
}
