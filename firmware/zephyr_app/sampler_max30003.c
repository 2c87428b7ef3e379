/* The ECG through a MAX30003 on Zephyr's SPI API: its interrupt wakes a thread once a block of samples. */
#include <zephyr/drivers/gpio.h>
#include <zephyr/drivers/spi.h>
#include <zephyr/kernel.h>

#include "app_config.h"
#include "max30003.h"
#include "max30003_registers.h"
#include "sampler.h"
#include "uart.h"
#include "wake.h"

#define AMPLIFIER DT_NODELABEL(max30003)
#define STACK_BYTES 1024

/* An edge that was missed would be the last one: then the pin is looked at before the FIFO is full. */
#define LONGEST_WAIT K_MSEC(1500u * MAX30003_BLOCK_SAMPLES / BOARD_FS_HZ)

static const struct spi_dt_spec spi =
    SPI_DT_SPEC_GET(AMPLIFIER, SPI_OP_MODE_MASTER | SPI_WORD_SET(8) | SPI_TRANSFER_MSB, 0);
static const struct gpio_dt_spec interrupt = GPIO_DT_SPEC_GET(AMPLIFIER, int_gpios);

static K_THREAD_STACK_DEFINE(stack, STACK_BYTES);
static struct k_thread thread;
static K_SEM_DEFINE(is_due, 0, 1);
static uint8_t request[MAX30003_BLOCK_BYTES]; /* EasyDMA reads RAM only */
static uint8_t answer[MAX30003_BLOCK_BYTES];

static bool exchange(size_t size) {
  const struct spi_buf sent = {.buf = request, .len = size};
  const struct spi_buf received = {.buf = answer, .len = size};
  const struct spi_buf_set out = {.buffers = &sent, .count = 1};
  const struct spi_buf_set in = {.buffers = &received, .count = 1};
  return spi_transceive_dt(&spi, &out, &in) == 0;
}

static bool write(uint32_t address, uint32_t value) {
  max30003_put_write(request, address, value);
  return exchange(MAX30003_COMMAND_BYTES);
}

static bool read(uint32_t address, size_t size) {
  max30003_put_read(request, address);
  return exchange(size);
}

/* Where an exchange fails there are no samples, which the watchdog does not take for life. */
static void take_block(void) {
  if (!read(MAX30003_STATUS, MAX30003_COMMAND_BYTES)) {
    return;
  }
  max30003_take_status(answer);
  if (read(MAX30003_ECG_FIFO_BURST, MAX30003_BLOCK_BYTES) && !max30003_take_block(answer)) {
    (void)write(MAX30003_FIFO_RST, 0); /* what overflowed is of no use */
  }
}

/* The pin is looked at after each block, too: it may have stayed low. */
static void sample_for_ever(void *unused, void *unused_too, void *unused_three) {
  ARG_UNUSED(unused);
  ARG_UNUSED(unused_too);
  ARG_UNUSED(unused_three);
  for (;;) {
    (void)k_sem_take(&is_due, LONGEST_WAIT);
    while (gpio_pin_get_dt(&interrupt) == 1) {
      take_block();
      uart_poll();
      wake();
    }
  }
}

static void line_changed(const struct device *port, struct gpio_callback *callback,
                         gpio_port_pins_t pins) {
  ARG_UNUSED(port);
  ARG_UNUSED(callback);
  ARG_UNUSED(pins);
  k_sem_give(&is_due);
}

static bool configure(void) {
  static struct gpio_callback callback;
  if (!spi_is_ready_dt(&spi) || !gpio_is_ready_dt(&interrupt) ||
      gpio_pin_configure_dt(&interrupt, GPIO_INPUT) != 0) {
    return false;
  }
  gpio_init_callback(&callback, line_changed, BIT(interrupt.pin));
  if (gpio_add_callback_dt(&interrupt, &callback) != 0 ||
      gpio_pin_interrupt_configure_dt(&interrupt, GPIO_INT_EDGE_TO_ACTIVE) != 0) {
    return false;
  }
  for (uint32_t at = 0; at < MAX30003_SETTINGS; at++) {
    if (!write(max30003_settings[at].address, max30003_settings[at].value)) {
      return false;
    }
  }
  return true;
}

void sampler_start(void) {
  if (!configure()) {
    k_panic();
  }
  (void)k_thread_create(&thread, stack, K_THREAD_STACK_SIZEOF(stack), sample_for_ever, NULL, NULL,
                        NULL, K_PRIO_COOP(CONFIG_NUM_COOP_PRIORITIES - 1), 0, K_NO_WAIT);
}

bool sampler_has_ended(void) {
  return false;
}

void sampler_end(void) {
  CODE_UNREACHABLE;
}
