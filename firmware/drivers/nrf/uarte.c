/* Text out of UARTE0: a ring of characters that EasyDMA empties, one unbroken stretch at a time.
 * The crystal, for the right rate, runs while there is something to send. */
#include "uarte.h"

#include "app_config.h"
#include "board.h"
#include "crystal.h"
#include "nrf.h"
#include "uarte_receiver.h"

/* A power of two, of which at most a half is sent at once: MAXCNT has 8 bits on the nRF52832. Holds four of the longest lines: a beat and an estimate never wait for the wire.
 */
#define TEXT_SIZE 256u
#define STRETCH_MAX (TEXT_SIZE / 2u)

/* Nordic gives the register a value a rate; it is no plain fraction of the clock. */
#if BOARD_UART_BAUD == 9600u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD9600
#elif BOARD_UART_BAUD == 38400u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD38400
#elif BOARD_UART_BAUD == 57600u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD57600
#elif BOARD_UART_BAUD == 115200u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD115200
#elif BOARD_UART_BAUD == 230400u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD230400
#elif BOARD_UART_BAUD == 460800u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD460800
#elif BOARD_UART_BAUD == 921600u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD921600
#elif BOARD_UART_BAUD == 1000000u
#define BAUDRATE UARTE_BAUDRATE_BAUDRATE_BAUD1M
#else
#error the UARTE has no such rate
#endif

static char text[TEXT_SIZE];
static volatile uint32_t queued; /* both run freely and wrap */
static volatile uint32_t sent;
static volatile uint32_t in_flight;
/* A stop that was not asked for, which a boot loader or a simulator may leave, ends nothing. */
static volatile enum { SILENT, SENDING, STOPPING } state;

static void send_stretch(void) {
  uint32_t waiting = queued - sent;
  uint32_t at = sent % TEXT_SIZE;
  uint32_t to_the_end = STRETCH_MAX - at % STRETCH_MAX;
  in_flight = waiting < to_the_end ? waiting : to_the_end;
  UARTE_TXD_PTR = (uint32_t)&text[at];
  UARTE_TXD_MAXCNT = in_flight;
  core_barrier();
  UARTE_TASKS_STARTTX = 1;
}

/* With interrupts disabled, or from one. */
void uarte_send(void) {
  if (state == SILENT && queued != sent && crystal_take(CRYSTAL_FOR_SENDING)) {
    state = SENDING;
    send_stretch();
  }
}

static void stretch_sent(void) {
  sent = sent + in_flight;
  if (queued != sent) {
    send_stretch();
  } else {
    state = STOPPING;
    UARTE_TASKS_STOPTX = 1;
  }
}

static void sending_stopped(void) {
  state = SILENT;
  if (queued != sent) {
    uarte_send();
  } else {
    crystal_release(CRYSTAL_FOR_SENDING);
  }
}

void uarte_interrupt(void) {
  if (UARTE_EVENTS_ENDTX != 0u) {
    UARTE_EVENTS_ENDTX = 0;
    stretch_sent();
  }
  if (UARTE_EVENTS_TXSTOPPED != 0u) {
    UARTE_EVENTS_TXSTOPPED = 0;
    if (state == STOPPING) {
      sending_stopped();
    }
  }
  uarte_receiver_interrupt();
}

static void start_sending(void) {
  core_disable_interrupts();
  uarte_send();
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
  GPIO_OUTSET(BOARD_UART_TX_PIN) = GPIO_BIT(BOARD_UART_TX_PIN); /* idles high, whoever drives it */
  GPIO_PIN_CNF(BOARD_UART_TX_PIN) = GPIO_OUTPUT;
  UARTE_PSEL_TXD = BOARD_UART_TX_PIN;
  UARTE_BAUDRATE = BAUDRATE;
  uarte_receiver_init();
  UARTE_INTENSET = UARTE_INTENSET_ENDTX | UARTE_INTENSET_TXSTOPPED;
  UARTE_ENABLE = UARTE_ENABLE_ENABLE_ENABLED;
  core_enable_interrupt(UARTE_IRQ);
}

void board_write(const char *line, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    wait_for_room();
    text[queued % TEXT_SIZE] = line[i];
    queued = queued + 1u;
  }
  start_sending();
}
