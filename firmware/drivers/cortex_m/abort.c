/* What a library does that gives up: TensorFlow Lite Micro's assertions, for one. It ends the run as
 * a fault at the caller, instead of newlib's signals, which bring a heap. */
#include <stdint.h>
#include <stdlib.h>

#include "board.h"

void abort(void) {
  board_fault((uint32_t)(uintptr_t)__builtin_return_address(0));
}
