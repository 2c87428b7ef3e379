#include "last_run.h"

#include <stdbool.h>

#define RECORD_MAGIC 0x53504C46u /* "SPLF" */

/* The start-up code leaves .noinit as it was. After power-on chance alone would have to make the
 * check word fit. */
static struct {
  uint32_t how;
  uint32_t pc;
  uint32_t failures; /* in a row */
  uint32_t check;
} record __attribute__((section(".noinit")));

static uint32_t check_word(void) {
  return RECORD_MAGIC ^ record.how ^ ~record.pc ^ record.failures << 16;
}

static bool is_whole(void) {
  return record.check == check_word();
}

static void write(last_run_t how, uint32_t pc, uint32_t failures) {
  record.how = (uint32_t)how;
  record.pc = pc;
  record.failures = failures;
  record.check = check_word();
}

void last_run_record(last_run_t how, uint32_t pc) {
  if (is_whole() && record.how != RUN_NORMAL && record.how != RUN_BROWNOUT) {
    return;
  }
  write(how, pc, last_run_failures());
}

static last_run_t recorded(void) {
  return is_whole() ? (last_run_t)record.how : RUN_NORMAL;
}

uint32_t last_run_crystals(void) {
  return recorded() == RUN_CRYSTAL ? record.pc : 0u;
}

last_run_t last_run_take(uint32_t *pc) {
  const last_run_t how = recorded();
  const bool failed = how == RUN_FAULT || how == RUN_WATCHDOG || how == RUN_LOCKUP;
  const uint32_t failures = last_run_failures();
  *pc = record.pc;
  write(RUN_NORMAL, record.pc,
        failed && failures < LAST_RUN_FAILURES_MAX ? failures + 1u : failures);
  return how;
}

uint32_t last_run_failures(void) {
  return is_whole() ? record.failures : 0u;
}

void last_run_has_lasted(void) {
  write(recorded(), record.pc, 0);
}
