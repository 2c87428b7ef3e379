/* Text out of UARTE0: a ring of characters that EasyDMA empties, one unbroken stretch at a time. */
#include "uarte.h"
#include "app_config.h"
#include "board.h"
#include "nrf.h"

/* A power of two. Holds four of the longest lines: a beat and an estimate never wait for the wire.
 */
#define TEXT_SIZE 256u

/* The register's unit is 2^-32 of 16 MHz, its low 12 bits are ignored. */
#define BAUDRATE                                                                                   \
  ((uint32_t)(((((uint64_t)BOARD_UART_BAUD << 32) / 16000000u) + 0x800u) & 0xFFFFF000u))

#define TX_PORT (BOARD_UART_TX_PIN / 32u)
#define TX_BIT (BOARD_UART_TX_PIN % 32u)

static char text[TEXT_SIZE];
static volatile uint32_t queued; /* both run freely and wrap */
static volatile uint32_t sent;
static volatile uint32_t in_flight;

/* Sends the next stretch, unless one is on its way. With interrupts disabled, or from the
 * interrupt. */
static void send_next(void) {
  uint32_t waiting = queued - sent;
  if (in_flight != 0u || waiting == 0u) {
    return;
  }
  uint32_t at = sent % TEXT_SIZE;
  uint32_t to_the_end = TEXT_SIZE - at;
  in_flight = waiting < to_the_end ? waiting : to_the_end;
  UARTE_TXD_PTR = (uint32_t)&text[at];
  UARTE_TXD_MAXCNT = in_flight;
  core_barrier();
  UARTE_TASKS_STARTTX = 1;
}

void uarte0_interrupt(void) {
  if (UARTE_EVENT_ENDTX != 0u) {
    UARTE_EVENT_ENDTX = 0;
    sent = sent + in_flight;
    in_flight = 0;
    send_next();
  }
}

static void start_sending(void) {
  core_disable_interrupts();
  send_next();
  core_enable_interrupts();
}

static void wait_for_room(void) {
  while (queued - sent == TEXT_SIZE) {
    start_sending();
    core_disable_interrupts();
    if (queued - sent == TEXT_SIZE) {
      core_wait_for_interrupt();
    }
    core_enable_interrupts();
  }
}

void uarte_init(void) {
  GPIO_OUTSET(TX_PORT) = 1u << TX_BIT; /* the line idles high, whoever drives it */
  GPIO_DIRSET(TX_PORT) = 1u << TX_BIT;
  UARTE_PSEL_TXD = BOARD_UART_TX_PIN;
  UARTE_BAUDRATE = BAUDRATE;
  UARTE_INTENSET = UARTE_INT_ENDTX;
  UARTE_ENABLE = UARTE_ENABLE_ENABLED;
  core_enable_interrupt(UARTE0_IRQ);
}

void board_write(const char *line, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    wait_for_room();
    text[queued % TEXT_SIZE] = line[i];
    queued = queued + 1u;
  }
  start_sending();
}
