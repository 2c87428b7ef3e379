#include "last_run.h"

#define RECORD_MAGIC 0x53504C46u /* "SPLF" */

/* The start-up code leaves .noinit as it was. After power-on chance alone would have to make the
 * check word fit. */
static struct {
  uint32_t how;
  uint32_t pc;
  uint32_t check;
} record __attribute__((section(".noinit")));

static uint32_t check_word(void) {
  return RECORD_MAGIC ^ record.how ^ ~record.pc;
}

void last_run_record(last_run_t how, uint32_t pc) {
  if (record.check == check_word() && record.how != RUN_NORMAL && record.how != RUN_BROWNOUT) {
    return;
  }
  record.how = (uint32_t)how;
  record.pc = pc;
  record.check = check_word();
}

static last_run_t recorded(void) {
  return record.check == check_word() ? (last_run_t)record.how : RUN_NORMAL;
}

uint32_t last_run_crystals(void) {
  return recorded() == RUN_CRYSTAL ? record.pc : 0u;
}

last_run_t last_run_take(uint32_t *pc) {
  last_run_t how = recorded();
  *pc = record.pc;
  record.how = RUN_NORMAL;
  record.check = check_word();
  return how;
}
