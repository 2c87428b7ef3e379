/* The ECG through a MAX30003, which samples by its own clock, keeps samples in a FIFO, and pulls its interrupt
 * low when there is a block of them. The core wakes once a block: reads STATUS, then the block. */
#include "sampler.h"

#include <stdbool.h>

#include "app_config.h"
#include "max30003.h"
#include "max30003_registers.h"
#include "nrf.h"
#include "spim.h"

typedef enum { STATUS, BLOCK, FIFO_RESET } exchange_t;

static uint8_t request[MAX30003_BLOCK_BYTES]; /* EasyDMA reads RAM only */
static volatile uint8_t answer[MAX30003_BLOCK_BYTES];
static volatile bool busy;
static volatile exchange_t exchange; /* the one that is under way, where it is busy */

static void configure(void) {
  for (uint32_t at = 0; at < MAX30003_SETTINGS; at++) {
    max30003_put_write(request, max30003_settings[at].address, max30003_settings[at].value);
    spim_exchange_now(request, answer, MAX30003_COMMAND_BYTES);
  }
}

static void begin(exchange_t next) {
  exchange = next;
  if (next == FIFO_RESET) {
    max30003_put_write(request, MAX30003_FIFO_RST, 0);
  } else {
    max30003_put_read(request, next == STATUS ? MAX30003_STATUS : MAX30003_ECG_FIFO_BURST);
  }
  spim_exchange(request, answer, next == BLOCK ? MAX30003_BLOCK_BYTES : MAX30003_COMMAND_BYTES);
}

/* The pin is looked at after each block, too: it may have stayed low. */
static void read_if_due(void) {
  uint32_t pin = GPIO_IN(BOARD_ECG_MAX30003_INTERRUPT_PIN);
  busy = (pin & GPIO_BIT(BOARD_ECG_MAX30003_INTERRUPT_PIN)) == 0u;
  if (busy) {
    begin(STATUS);
  }
}

void sampler_start(void) {
  spim_init();
  configure();
  spim_listen();
  GPIO_PIN_CNF(BOARD_ECG_MAX30003_INTERRUPT_PIN) = GPIO_INPUT | GPIO_PIN_CNF_SENSE_LOW;
}

void sampler_line_changed(void) {
  if (!busy) {
    read_if_due();
  }
}

static void exchanged(void) {
  switch (exchange) {
  case STATUS:
    max30003_take_status(answer);
    begin(BLOCK);
    break;
  case BLOCK:
    if (max30003_take_block(answer)) {
      read_if_due();
    } else {
      begin(FIFO_RESET); /* what overflowed is of no use */
    }
    break;
  default:
    read_if_due();
    break;
  }
}

void spim_interrupt(void) {
  if (spim_has_ended()) {
    exchanged();
  }
}
