/* SPIM1 (nRF52840 Product Specification v1.7, 6.25), with the chip select by hand. */
#include "spim.h"

#include <stdbool.h>

#include "app_config.h"
#include "nrf.h"

static void output(uint32_t pin, bool high) {
  if (high) {
    GPIO_OUTSET(pin) = GPIO_BIT(pin);
  } else {
    GPIO_OUTCLR(pin) = GPIO_BIT(pin);
  }
  GPIO_PIN_CNF(pin) = GPIO_OUTPUT;
}

void spim_init(void) {
  output(BOARD_ECG_MAX30003_CS_PIN, true);
  output(BOARD_ECG_MAX30003_SCK_PIN, false);
  output(BOARD_ECG_MAX30003_MOSI_PIN, false);
  GPIO_PIN_CNF(BOARD_ECG_MAX30003_MISO_PIN) = GPIO_INPUT;
  SPIM_PSEL_SCK = BOARD_ECG_MAX30003_SCK_PIN;
  SPIM_PSEL_MOSI = BOARD_ECG_MAX30003_MOSI_PIN;
  SPIM_PSEL_MISO = BOARD_ECG_MAX30003_MISO_PIN;
  SPIM_FREQUENCY = SPIM_FREQUENCY_FREQUENCY_M4; /* of the 12 that the MAX30003 takes */
  SPIM_ENABLE = SPIM_ENABLE_ENABLE_ENABLED;
}

void spim_listen(void) {
  SPIM_INTENSET = SPIM_INTENSET_END;
  core_enable_interrupt(SPIM_IRQ);
}

void spim_exchange(const uint8_t *sent, volatile uint8_t *received, uint32_t size) {
  SPIM_TXD_PTR = (uint32_t)sent;
  SPIM_TXD_MAXCNT = size;
  SPIM_RXD_PTR = (uint32_t)received;
  SPIM_RXD_MAXCNT = size;
  GPIO_OUTCLR(BOARD_ECG_MAX30003_CS_PIN) = GPIO_BIT(BOARD_ECG_MAX30003_CS_PIN);
  core_barrier();
  SPIM_TASKS_START = 1;
}

static void end_exchange(void) {
  SPIM_EVENTS_END = 0;
  GPIO_OUTSET(BOARD_ECG_MAX30003_CS_PIN) = GPIO_BIT(BOARD_ECG_MAX30003_CS_PIN);
}

void spim_exchange_now(const uint8_t *sent, volatile uint8_t *received, uint32_t size) {
  spim_exchange(sent, received, size);
  while (SPIM_EVENTS_END == 0u) {
  }
  end_exchange();
}

bool spim_has_ended(void) {
  bool has_ended = SPIM_EVENTS_END != 0u;
  if (has_ended) {
    end_exchange();
  }
  return has_ended;
}
