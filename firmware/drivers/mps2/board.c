/* The MPS2+ AN386 in QEMU: a timer interrupt plays a recording out of the PSRAM, and its end ends
 * the simulation. */
#include "board.h"

#include <stdbool.h>

#include "app_config.h"
#include "host.h"
#include "line.h"
#include "mps2.h"
#include "receive_ring.h"
#include "sample_ring.h"
#include "uart.h"

#define RECORDING_MAGIC 0x45504C53u /* "SPLE", little-endian */
#define RECORDING_MAX_SAMPLES ((STORE_BASE - PSRAM_BASE - sizeof(recording_t)) / sizeof(int16_t))

typedef struct {
  uint32_t magic;
  uint32_t samples;
  int16_t counts[];
} recording_t;

#define RECORDING ((const recording_t *)PSRAM_BASE)

static volatile uint32_t played;

static __attribute__((noreturn)) void fail(const char *word, uint32_t count) {
  line_begin('E');
  line_word(word);
  line_unsigned(count);
  line_send();
  host_leave(false);
}

void board_init(void) {
  host_init();
  uart_init();
}

void board_start(void) {
  if (RECORDING->magic != RECORDING_MAGIC || RECORDING->samples > RECORDING_MAX_SAMPLES) {
    fail("recording", RECORDING->samples);
  }
  WATCHDOG_LOCK = WATCHDOG_UNLOCK;
  WATCHDOG_LOAD = BOARD_WATCHDOG_S * BOARD_CLOCK_HZ;
  WATCHDOG_CTRL = WATCHDOG_INT | WATCHDOG_RESET;
  TIMER_RELOAD = BOARD_CLOCK_HZ / BOARD_FS_HZ - 1u;
  TIMER_CTRL = TIMER_ENABLE | TIMER_INT;
  core_enable_interrupt(TIMER0_IRQ);
  uart_listen();
}

void board_feed_watchdog(void) {
  WATCHDOG_INTCLEAR = 1; /* reloads the counter, too */
}

void timer0_interrupt(void) {
  TIMER_INTCLEAR = 1;
  if (played < RECORDING->samples) {
    sample_ring_put(RECORDING->counts[played]);
    played = played + 1u;
  }
}

void board_sleep(void) {
  core_disable_interrupts();
  bool empty = sample_ring_is_empty();
  if (empty && played == RECORDING->samples) {
    line_send_text("# end");
    host_leave(true);
  }
  if (empty && receive_ring_is_empty()) {
    core_wait_for_interrupt();
  }
  core_enable_interrupts();
}

/* What flash does: erased words are all ones, and programming only clears bits. */
static volatile uint32_t *store_word(uint32_t slot, uint32_t word) {
  return (volatile uint32_t *)(STORE_BASE + slot * PAGE_BYTES) + word;
}

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return *store_word(slot, word);
}

void board_store_erase(uint32_t slot) {
  for (uint32_t word = 0; word < PAGE_BYTES / sizeof(uint32_t); word++) {
    *store_word(slot, word) = UINT32_MAX;
  }
}

void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  *store_word(slot, word) &= value;
}

void board_show(uint32_t outputs) {
  FPGAIO_LED = outputs;
}

/* Nothing outlives this board: it says at once what happened. */
void board_fault(uint32_t pc) {
  fail("fault", pc);
}

void board_watchdog(uint32_t pc) {
  fail("watchdog", pc);
}
