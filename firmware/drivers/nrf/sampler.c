/* TIMER0's compare triggers the SAADC, and the end of a block starts the next, both without the
 * core (routing.h). EasyDMA fills one of two blocks while the other is copied into the ring: the
 * core wakes once a block. */
#include "sampler.h"

#include "app_config.h"
#include "nrf.h"
#include "routing.h"
#include "sample_ring.h"

/* 16 samples are 53 ms at 300 Hz: the core wakes 19 times a second, and the interrupt has as long
 * to copy a block before EasyDMA returns to it. The ring holds 16 blocks. */
#define BLOCK_SAMPLES 16u
#define BLOCKS 2u

static volatile int16_t blocks[BLOCKS][BLOCK_SAMPLES];
static volatile uint32_t being_filled; /* until END */
static volatile uint32_t up_next; /* where RESULT.PTR points once STARTED is seen */

static void start_converter(void) {
  SAADC_RESOLUTION = SAADC_RESOLUTION_14_BIT;
  SAADC_CH0_PSELP = SAADC_PSELP_AIN0 + BOARD_ECG_INPUT;
  SAADC_CH0_CONFIG = SAADC_GAIN_1_6 | SAADC_TACQ_40_US;
  SAADC_RESULT_PTR = (uint32_t)blocks[being_filled];
  SAADC_RESULT_MAXCNT = BLOCK_SAMPLES;
  SAADC_INTENSET = SAADC_INT_STARTED | SAADC_INT_END | SAADC_INT_STOPPED;
  SAADC_ENABLE = 1;
  core_enable_interrupt(SAADC_IRQ);
  SAADC_TASKS_START = 1;
}

static void start_timer(void) {
  TIMER_BITMODE = TIMER_BITMODE_32;
  TIMER_PRESCALER = 0;
  TIMER_CC0 = (TIMER_HZ + BOARD_FS_HZ / 2u) / BOARD_FS_HZ;
  TIMER_SHORTS = TIMER_SHORT_CC0_CLEAR;
  TIMER_TASKS_START = 1;
}

void sampler_start(void) {
  routing_start();
  start_converter();
  start_timer();
}

static void put(const volatile int16_t *block, uint32_t samples) {
  for (uint32_t i = 0; i < samples; i++) {
    sample_ring_put(block[i]);
  }
}

/* Clearing an event takes a while to reach the interrupt controller, which may then call once too
 * often: each event is looked at. RESULT.PTR is latched by START, so that the next block's address
 * is given on STARTED, not on END. STOPPED comes with part of a block: what was sampled is kept,
 * which is how a recording's last samples are seen in simulation. */
void saadc_interrupt(void) {
  if (SAADC_EVENT_END != 0u) {
    SAADC_EVENT_END = 0;
    put(blocks[being_filled], BLOCK_SAMPLES);
    being_filled = (being_filled + 1u) % BLOCKS;
  }
  if (SAADC_EVENT_STARTED != 0u) {
    SAADC_EVENT_STARTED = 0;
    up_next = (up_next + 1u) % BLOCKS;
    SAADC_RESULT_PTR = (uint32_t)blocks[up_next];
  }
  if (SAADC_EVENT_STOPPED != 0u) {
    SAADC_EVENT_STOPPED = 0;
    put(blocks[being_filled], SAADC_RESULT_AMOUNT);
  }
}
