/* A window that slides over height and width; what two-dimensional kernels share. */
#ifndef SPL_WINDOW_2D_H
#define SPL_WINDOW_2D_H

#include <stdint.h>

/* One axis of the window. */
typedef struct {
  int32_t input_length;
  int32_t output_length;
  int32_t taps;
  int32_t stride;
  int32_t padding; /* points of the first window that lie before the input */
} spl_window_t;

/* The taps of one window that lie on the input: from `first` to before `end`. */
typedef struct {
  int32_t start; /* where tap 0 is, on the input or not */
  int32_t first;
  int32_t end;
} spl_window_taps_t;

static inline spl_window_taps_t spl_taps_at(const spl_window_t *window, int32_t point) {
  const int32_t start = point * window->stride - window->padding;
  const int32_t left = window->input_length - start;
  const spl_window_taps_t taps = {start, start < 0 ? -start : 0,
                                  left < window->taps ? left : window->taps};
  return taps;
}

#endif
