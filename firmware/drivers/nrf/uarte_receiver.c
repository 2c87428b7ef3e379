/* Characters out of UARTE0 into the receive ring, each by EasyDMA; the UARTE's own FIFO of six
 * holds what arrives while the interrupt waits. A receiver that listens keeps the crystal running,
 * half a milliampere and more, so it does while the line is high only: whoever is at the other end
 * keeps it high. With nobody there, the pull-down takes it low, which reads as a break. */
#include "uarte_receiver.h"

#include "app_config.h"
#include "crystal.h"
#include "nrf.h"
#include "receive_ring.h"

#define LINE_GPIO (GPIO_INPUT | GPIO_PIN_CNF_PULL_PULLDOWN)

static volatile char letter; /* where EasyDMA puts each */
static volatile bool stopping;

void uarte_receiver_init(void) {
  GPIO_PIN_CNF(BOARD_UART_RX_PIN) = LINE_GPIO;
  UARTE_PSEL_RXD = BOARD_UART_RX_PIN;
  UARTE_RXD_PTR = (uint32_t)&letter;
  UARTE_RXD_MAXCNT = 1;
  UARTE_INTENSET = UARTE_INTENSET_ENDRX | UARTE_INTENSET_ERROR | UARTE_INTENSET_RXTO;
}

void uarte_receiver_listen(void) {
  GPIO_PIN_CNF(BOARD_UART_RX_PIN) = LINE_GPIO | GPIO_PIN_CNF_SENSE_HIGH;
}

void uarte_receiver_line_changed(void) {
  if ((GPIO_IN(BOARD_UART_RX_PIN) & GPIO_BIT(BOARD_UART_RX_PIN)) != 0u) {
    GPIO_PIN_CNF(BOARD_UART_RX_PIN) = LINE_GPIO;
    if (crystal_take(CRYSTAL_FOR_RECEIVING)) {
      uarte_receiver_start();
    }
  }
}

void uarte_receiver_start(void) {
  UARTE_TASKS_STARTRX = 1;
}

/* What comes with an error is no character, and a break is the end of the line. */
static void received(uint32_t errors) {
  if (errors == 0u && UARTE_RXD_AMOUNT != 0u) {
    receive_ring_put(letter);
  }
  if (!stopping) {
    UARTE_TASKS_STARTRX = 1;
  }
}

static void stop_receiving(void) {
  stopping = true;
  UARTE_TASKS_STOPRX = 1;
}

static void receiving_stopped(void) {
  stopping = false;
  crystal_release(CRYSTAL_FOR_RECEIVING);
  uarte_receiver_listen();
}

void uarte_receiver_interrupt(void) {
  uint32_t errors = 0;
  if (UARTE_EVENTS_ERROR != 0u) {
    UARTE_EVENTS_ERROR = 0;
    errors = UARTE_ERRORSRC;
    UARTE_ERRORSRC = errors; /* cleared by writing 1 */
  }
  if ((errors & UARTE_ERRORSRC_BREAK) != 0u && !stopping) {
    stop_receiving();
  }
  if (UARTE_EVENTS_ENDRX != 0u) {
    UARTE_EVENTS_ENDRX = 0;
    received(errors);
  }
  if (UARTE_EVENTS_RXTO != 0u) {
    UARTE_EVENTS_RXTO = 0;
    receiving_stopped();
  }
}
