#include "app_config.h"
#include "cortex_m.h"

/* What follows a sleep keeps its first cycles from memory, where the chip is not ready for it: four
 * instructions on the nRF52832 (anomaly 220), eight on the nRF5340 (anomaly 168). */
#define FOUR_REST "\n\tnop\n\tnop\n\tnop\n\tnop"
#if defined(BOARD_CHIP_NRF5340)
#define REST FOUR_REST FOUR_REST
#elif defined(BOARD_CHIP_NRF52832)
#define REST FOUR_REST
#else
#define REST ""
#endif

void core_wait_for_interrupt(void) {
  __asm volatile("dsb\n\twfi" REST ::: "memory");
}
