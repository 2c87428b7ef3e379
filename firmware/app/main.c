#include "app.h"
#include "board.h"
#include "receive_ring.h"
#include "sample_ring.h"

int main(void) {
  board_init();
  app_init();
  board_start();
  for (;;) {
    int16_t sample;
    char letter;
    if (sample_ring_take(&sample)) {
      app_push(sample);
      app_lost(sample_ring_lost());
      board_feed_watchdog();
    } else if (BOARD_CAN_RECEIVE && app_listens() && receive_ring_take(&letter)) {
      app_receive(letter);
    } else {
      board_sleep();
    }
  }
}
