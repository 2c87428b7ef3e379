#include "uart.h"

#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "board.h"
#include "receive_ring.h"
#include "wake.h"

static const struct device *const console = DEVICE_DT_GET(DT_CHOSEN(zephyr_console));

void uart_init(void) {
  if (!device_is_ready(console)) {
    k_panic();
  }
}

/* What does not fit into the UART waits here; samples wait in their ring. */
void board_write(const char *text, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    uart_poll_out(console, (unsigned char)text[i]);
  }
}

#if defined(CONFIG_UART_INTERRUPT_DRIVEN)
static void take(const struct device *device, void *context) {
  ARG_UNUSED(context);
  unsigned char letter;
  while (uart_irq_update(device) != 0 && uart_irq_rx_ready(device) != 0 &&
         uart_fifo_read(device, &letter, 1) == 1) {
    receive_ring_put((char)letter);
  }
  wake();
}

void uart_listen(void) {
  if (uart_irq_callback_user_data_set(console, take, NULL) != 0) {
    k_panic();
  }
  uart_irq_rx_enable(console);
}

void uart_poll(void) {
}
#else
static bool is_listening;

void uart_listen(void) {
  is_listening = true;
}

void uart_poll(void) {
  unsigned char letter;
  while (is_listening && uart_poll_in(console, &letter) == 0) {
    receive_ring_put((char)letter);
  }
}
#endif
