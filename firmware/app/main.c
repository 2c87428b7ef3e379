#include "app.h"
#include "board.h"
#include "sample_ring.h"

int main(void) {
  board_init();
  app_init();
  board_start();
  for (;;) {
    int16_t sample;
    if (sample_ring_take(&sample)) {
      app_push(sample);
      app_lost(sample_ring_lost());
      board_feed_watchdog();
    } else {
      board_sleep();
    }
  }
}
