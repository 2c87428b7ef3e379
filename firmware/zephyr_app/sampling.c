#include "sampling.h"

#include "app_config.h"
#include "sample_ring.h"
#include "uart.h"
#include "wake.h"

#define TICKS_PER_S CONFIG_SYS_CLOCK_TICKS_PER_SEC
#define TICKS_A_SAMPLE (TICKS_PER_S / BOARD_FS_HZ)
#define TICKS_LEFT (TICKS_PER_S % BOARD_FS_HZ) /* shared out among a second's samples */
#define STACK_BYTES 1024

BUILD_ASSERT(TICKS_PER_S >= 4u * BOARD_FS_HZ,
             "CONFIG_SYS_CLOCK_TICKS_PER_SEC is too low for the sampling rate");

static K_THREAD_STACK_DEFINE(stack, STACK_BYTES);
static struct k_thread thread;
static int64_t tick; /* of the next sample */
static uint32_t left;

static void next_tick(void) {
  tick += TICKS_A_SAMPLE;
  left += TICKS_LEFT;
  if (left >= BOARD_FS_HZ) {
    left -= BOARD_FS_HZ;
    tick++;
  }
}

static void sample_for_ever(void *function, void *unused, void *unused_too) {
  ARG_UNUSED(unused);
  ARG_UNUSED(unused_too);
  void (*take_sample)(void) = (void (*)(void))function;
  tick = k_uptime_ticks();
  for (;;) {
    next_tick();
    while (tick < k_uptime_ticks()) {
      sample_ring_miss();
      next_tick();
    }
    (void)k_sleep(K_TIMEOUT_ABS_TICKS(tick));
    take_sample();
    uart_poll();
    wake();
  }
}

void sampling_start(void (*take_sample)(void)) {
  (void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), sample_for_ever,
                        (void *)take_sample, NULL, NULL,
                        K_PRIO_COOP(CONFIG_NUM_COOP_PRIORITIES - 1), 0, K_NO_WAIT);
}
