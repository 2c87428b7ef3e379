#ifndef SPL_NONLINEAR_H
#define SPL_NONLINEAR_H

#include <stdint.h>

/*
 * Sigmoid and tanh of int16, interpolated in a table of the sigmoid at multiples of 1/24; equal to
 * TensorFlow Lite Micro's. x3 is three times the argument in Q3.12, |x3| < 2^31; both return Q0.15.
 */
int16_t spl_sigmoid_s16(int32_t x3);
int16_t spl_tanh_s16(int32_t x3);

#endif
