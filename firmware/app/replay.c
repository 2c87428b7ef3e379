#include "replay.h"

#include "app_config.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"

static bool is_on;
static uint32_t waited;

bool replay_is_on(void) {
  return is_on;
}

void replay_start(void) {
  is_on = true;
  waited = 0;
  monitor_start(true);
}

void replay_end(void) {
  is_on = false;
  monitor_start(false);
}

bool replay_feed(const char *text) {
  int16_t sample;
  const char *at = text;
  do {
    if (!fields_sample(&at, &sample)) {
      return false;
    }
  } while (!fields_end(at));
  for (at = text; !fields_end(at);) {
    (void)fields_sample(&at, &sample);
    monitor_push(sample);
  }
  waited = 0;
  return true;
}

void replay_tick(void) {
  waited++;
  if (waited == REPLAY_PATIENCE_S * BOARD_FS_HZ) {
    line_error("replay", REPLAY_PATIENCE_S);
    replay_end();
  }
}
