/* Sleep, and the end of a run, on chips whose RAM outlives a reset. */
#include "board.h"
#include "chip.h"
#include "last_run.h"
#include "receive_ring.h"
#include "sample_ring.h"

void board_sleep(void) {
  core_disable_interrupts();
  if (sample_ring_is_empty() && receive_ring_is_empty()) {
    core_wait_for_interrupt();
  }
  core_enable_interrupts();
}

/* A chip that fails at every start is not to spend its battery on starts: from some on it waits for the watchdog,
 * or, where that does not run yet, for somebody. */
void board_fault(uint32_t pc) {
  last_run_record(RUN_FAULT, pc);
  core_barrier();
  if (last_run_failures() < LAST_RUN_BACK_OFF) {
    chip_reset();
  }
  core_disable_interrupts();
  for (;;) {
    core_wait_for_interrupt();
  }
}
