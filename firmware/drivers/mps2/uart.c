#include "uart.h"

#include "app_config.h"
#include "board.h"
#include "host.h"
#include "mps2.h"
#include "receive_ring.h"

void uart_init(void) {
  UART_BAUDDIV = BOARD_CLOCK_HZ / BOARD_UART_BAUD;
  UART_CTRL = UART_TX_ENABLE | UART_RX_ENABLE | UART_RX_INT;
}

void uart_listen(void) {
  core_enable_interrupt(UART0_RX_IRQ);
}

void uart0_rx_interrupt(void) {
  UART_INTCLEAR = UART_INTCLEAR_RX;
  if ((UART_STATE & UART_RX_FULL) != 0u) {
    receive_ring_put((char)UART_DATA);
  }
}

void board_write(const char *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    while ((UART_STATE & UART_TX_FULL) != 0u) {
    }
    UART_DATA = (uint32_t)text[i];
    if (text[i] == '\n') {
      host_wait();
    }
  }
}
