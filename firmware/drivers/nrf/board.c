/* The nRF52840: TIMER0 asks the SAADC for a sample, EasyDMA stores it, the SAADC's interrupt puts
 * it into the ring. */
#include "board.h"

#include "app_config.h"
#include "nrf52.h"
#include "sample_ring.h"
#include "uarte.h"

#define FAULT_MAGIC                                                                                \
  0x53504C46u /* "SPLF": chance does not leave this, and its complement, in RAM after power-on */

/* Survives a reset: the start-up code leaves .noinit as it was. */
static volatile struct {
  uint32_t magic;
  uint32_t complement;
  uint32_t pc;
} last_fault __attribute__((section(".noinit")));

static volatile int16_t converted; /* written by EasyDMA */

void board_init(void) {
  CLOCK_TASKS_HFCLKSTART = 1; /* the crystal: a UART at the right rate, samples at the right time */
  while (CLOCK_EVENT_HFCLKSTARTED == 0u) {
  }
  uarte_init();
}

static void start_converter(void) {
  SAADC_RESOLUTION = SAADC_RESOLUTION_14_BIT;
  SAADC_CH0_PSELP = SAADC_PSELP_AIN0 + BOARD_ECG_INPUT;
  SAADC_CH0_CONFIG = SAADC_GAIN_1_6 | SAADC_TACQ_40_US;
  SAADC_RESULT_PTR = (uint32_t)&converted;
  SAADC_RESULT_MAXCNT = 1;
  SAADC_INTENSET = SAADC_INT_END;
  SAADC_ENABLE = 1;
  core_enable_interrupt(SAADC_IRQ);
  SAADC_TASKS_START = 1;
  while (SAADC_EVENT_STARTED == 0u) {
  }
}

static void start_timer(void) {
  TIMER_BITMODE = TIMER_BITMODE_32;
  TIMER_PRESCALER = 0;
  TIMER_CC0 = (TIMER_HZ + BOARD_FS_HZ / 2u) / BOARD_FS_HZ;
  TIMER_SHORTS = TIMER_SHORT_CC0_CLEAR;
  TIMER_INTENSET = TIMER_INT_COMPARE0;
  core_enable_interrupt(TIMER0_IRQ);
  TIMER_TASKS_START = 1;
}

void board_start(void) {
  start_converter();
  start_timer();
}

/* Clearing an event takes a while to reach the interrupt controller, which may then call once too
 * often: each handler looks whether its event is there. */
void timer0_interrupt(void) {
  if (TIMER_EVENT_COMPARE0 != 0u) {
    TIMER_EVENT_COMPARE0 = 0;
    SAADC_TASKS_SAMPLE = 1;
  }
}

void saadc_interrupt(void) {
  if (SAADC_EVENT_END != 0u) {
    SAADC_EVENT_END = 0;
    sample_ring_put(converted);
    SAADC_TASKS_START = 1; /* ready for the next; RESULT.PTR stays */
  }
}

void board_sleep(void) {
  core_disable_interrupts();
  if (sample_ring_is_empty()) {
    core_wait_for_interrupt();
  }
  core_enable_interrupts();
}

bool board_last_fault(uint32_t *pc) {
  bool faulted = last_fault.magic == FAULT_MAGIC && last_fault.complement == ~FAULT_MAGIC;
  *pc = last_fault.pc;
  last_fault.magic = 0;
  return faulted;
}

void board_fault(uint32_t pc) {
  last_fault.pc = pc;
  last_fault.complement = ~FAULT_MAGIC;
  last_fault.magic = FAULT_MAGIC;
  core_barrier();
  SCB_AIRCR = AIRCR_SYSRESETREQ;
  for (;;) {
  }
}
