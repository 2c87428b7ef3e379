/* Start, sleep, watchdog and the end of a run on Zephyr. */
#include "board.h"

#include <zephyr/drivers/hwinfo.h>
#include <zephyr/drivers/watchdog.h>
#include <zephyr/fatal.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/reboot.h>

#include "app_config.h"
#include "last_run.h"
#include "receive_ring.h"
#include "sample_ring.h"
#include "sampler.h"
#include "show.h"
#include "store.h"
#include "uart.h"
#include "wake.h"
#if defined(CONFIG_BT)
#include "gatt.h"
#endif

#define HAS_WATCHDOG (DT_NODE_EXISTS(DT_ALIAS(watchdog0)) && IS_ENABLED(CONFIG_WATCHDOG))
#define MS_PER_S 1000u

K_SEM_DEFINE(awake, 0, 1);

void wake(void) {
  k_sem_give(&awake);
}

static void note_reset_cause(void) {
#if defined(CONFIG_HWINFO)
  uint32_t cause;
  if (hwinfo_get_reset_cause(&cause) != 0) {
    return;
  }
  (void)hwinfo_clear_reset_cause();
  if ((cause & RESET_PIN) != 0u) {
    return; /* the others are then set at random: nRF52 anomaly 136, nRF5340 anomaly 55 */
  }
  if ((cause & RESET_WATCHDOG) != 0u) {
    last_run_record(RUN_WATCHDOG, 0);
  }
  if ((cause & RESET_CPU_LOCKUP) != 0u) {
    last_run_record(RUN_LOCKUP, 0);
  }
  if ((cause & RESET_BROWNOUT) != 0u) {
    last_run_record(RUN_BROWNOUT, 0);
  }
#endif
}

#if HAS_WATCHDOG
static const struct device *const watchdog = DEVICE_DT_GET(DT_ALIAS(watchdog0));
static int channel;

static void start_watchdog(void) {
  const struct wdt_timeout_cfg timeout = {
      .window = {.min = 0, .max = BOARD_WATCHDOG_S * MS_PER_S},
      .flags = WDT_FLAG_RESET_SOC,
  };
  channel = wdt_install_timeout(watchdog, &timeout);
  if (channel < 0 || wdt_setup(watchdog, WDT_OPT_PAUSE_HALTED_BY_DBG) != 0) {
    k_panic(); /* a device whose watchdog does not run is none */
  }
}
#endif

void board_init(void) {
  note_reset_cause();
#if BOARD_CAN_SHOW || BOARD_CAN_ACKNOWLEDGE
  show_init();
#endif
  uart_init();
#if BOARD_CAN_STORE
  store_init();
#endif
}

void board_start(void) {
#if HAS_WATCHDOG
  start_watchdog();
#endif
  uart_listen();
  sampler_start();
#if defined(CONFIG_BT)
  gatt_start();
#endif
}

void board_feed_watchdog(void) {
#if HAS_WATCHDOG
  (void)wdt_feed(watchdog, channel);
#endif
#if defined(CONFIG_BT)
  gatt_tick();
#endif
}

void board_sleep(void) {
  if (sample_ring_is_empty() && receive_ring_is_empty() && sampler_has_ended()) {
    sampler_end();
  }
  (void)k_sem_take(&awake, K_FOREVER);
}

void board_fault(uint32_t pc) {
  last_run_record(RUN_FAULT, pc);
#if defined(CONFIG_REBOOT)
  if (last_run_failures() < LAST_RUN_BACK_OFF) {
    sys_reboot(SYS_REBOOT_COLD);
  }
#endif
  (void)arch_irq_lock(); /* and the watchdog resets the chip */
  for (;;) {
  }
}

/* Instead of Zephyr's, which stops for ever. */
void k_sys_fatal_error_handler(unsigned int reason, const struct arch_esf *frame) {
  ARG_UNUSED(reason);
#if defined(CONFIG_ARM)
  board_fault(frame != NULL ? frame->basic.pc : 0u);
#else
  ARG_UNUSED(frame);
  board_fault(0);
#endif
}
