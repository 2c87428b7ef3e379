#include "host.h"

#include <stdint.h>

#define SYS_OPEN 0x01u
#define SYS_READ 0x06u
#define SYS_EXIT 0x18u

#define OPEN_READ_BINARY 1u /* fopen's "rb" */
#define NO_FILE UINT32_MAX
#define ADP_APPLICATION_EXIT 0x20026u
#define ADP_RUN_TIME_ERROR 0x20023u

static const char name[] = "heard";
static uint32_t heard;

/* `parameter` is a number or the address of a block of words, as the operation wants it. */
static uint32_t call(uint32_t operation, uint32_t parameter) {
  register uint32_t r0 __asm("r0") = operation;
  register uint32_t r1 __asm("r1") = parameter;
  __asm volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

void host_init(void) {
  const uint32_t block[] = {(uint32_t)(uintptr_t)name, OPEN_READ_BINARY, sizeof(name) - 1u};
  heard = call(SYS_OPEN, (uint32_t)(uintptr_t)block);
}

void host_wait(void) {
  if (heard != NO_FILE) {
    char letter;
    const uint32_t block[] = {heard, (uint32_t)(uintptr_t)&letter, sizeof(letter)};
    (void)call(SYS_READ, (uint32_t)(uintptr_t)block);
  }
}

void host_leave(bool well) {
  (void)call(SYS_EXIT, well ? ADP_APPLICATION_EXIT : ADP_RUN_TIME_ERROR);
  for (;;) {
  }
}
