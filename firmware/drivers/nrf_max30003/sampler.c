/* The ECG through a MAX30003, an amplifier and converter of its own (data sheet 19-100144 Rev 3,
 * "Register Map"): it samples by its own clock, keeps samples in a FIFO, and pulls its interrupt low
 * when there are BLOCK_SAMPLES of them. The core wakes once a block. */
#include "sampler.h"

#include <stdbool.h>

#include "app_config.h"
#include "nrf.h"
#include "sample_ring.h"
#include "spim.h"

#define EN_INT 0x02u
#define MNGR_INT 0x04u
#define SW_RST 0x08u
#define SYNCH 0x09u
#define FIFO_RST 0x0Au
#define CNFG_GEN 0x10u
#define CNFG_EMUX 0x14u
#define CNFG_ECG 0x15u
#define FIFO_BURST 0x20u
#define READ 1u /* the lowest bit of a command; the address lies above it */

#define INT_FIFO (1u << 23)
#define INT_PIN_CMOS 1u
#define FIFO_THRESHOLD(samples) (((samples) - 1u) << 19)
#define MASTER_CLOCK(choice) ((uint32_t)(choice) << 20)
#define ECG_ON (1u << 19)
#define BIAS_ECG_BOTH                                                                              \
  ((1u << 4) | (1u << 2) | 3u) /* 100 MOhm from either input to its common mode */
#define RATE(choice) ((uint32_t)(choice) << 22)
#define GAIN_20 (0u << 16) /* the whole range of 18 bits is +-50 mV */
#define HIGH_PASS_0_5_HZ (1u << 14)
#define LOW_PASS_40_HZ (1u << 12)

/* Sampling rates, by the clock that the board gives it at FCLK: 32.768 kHz, or 32 kHz for 125, 200,
 * 250 and 500 Hz. */
#if BOARD_FS_HZ == 512u
#define CLOCK 0
#define CHOICE 0
#elif BOARD_FS_HZ == 256u
#define CLOCK 0
#define CHOICE 1
#elif BOARD_FS_HZ == 128u
#define CLOCK 0
#define CHOICE 2
#elif BOARD_FS_HZ == 500u
#define CLOCK 1
#define CHOICE 0
#elif BOARD_FS_HZ == 250u
#define CLOCK 1
#define CHOICE 1
#elif BOARD_FS_HZ == 125u
#define CLOCK 1
#define CHOICE 2
#elif BOARD_FS_HZ == 200u
#define CLOCK 2
#define CHOICE 2
#else
#error a MAX30003 samples at 125, 128, 200, 250, 256, 500 or 512 Hz
#endif

/* Half of the FIFO: the other half, 62 ms at 256 Hz, is the time that the core may stand still. */
#define BLOCK_SAMPLES 16u
#define FIFO_SAMPLES 32u
#define WORD_BYTES 3u
#define COMMAND_BYTES 4u
#define BLOCK_BYTES (1u + BLOCK_SAMPLES * WORD_BYTES)

/* A word of the FIFO: 18 bits of the sample, three that say what it is, three of no use here. The
 * sample's upper 16 bits are kept: 1.5 uV a count, less than its noise. */
#define SAMPLE_SHIFT 8u
#define TAG(word) (((word) >> 3) & 7u)
#define TAGS_OF_SAMPLES 4u /* below: samples, among them the last one, and those in fast recovery */
#define TAG_OVERFLOW 7u

static uint8_t request[BLOCK_BYTES]; /* EasyDMA reads RAM only */
static volatile uint8_t block[BLOCK_BYTES];
static volatile bool busy;
static volatile bool overflown;

static void put_command(uint32_t address, uint32_t value) {
  request[0] = (uint8_t)address;
  request[1] = (uint8_t)(value >> 16);
  request[2] = (uint8_t)(value >> 8);
  request[3] = (uint8_t)value;
}

static void write_register(uint32_t address, uint32_t value) {
  put_command(address << 1, value);
  spim_exchange_now(request, block, COMMAND_BYTES);
}

static void configure(void) {
  write_register(SW_RST, 0);
  write_register(CNFG_GEN, MASTER_CLOCK(CLOCK) | ECG_ON | BIAS_ECG_BOTH);
  write_register(CNFG_EMUX, 0); /* both inputs connected */
  write_register(CNFG_ECG, RATE(CHOICE) | GAIN_20 | HIGH_PASS_0_5_HZ | LOW_PASS_40_HZ);
  write_register(MNGR_INT, FIFO_THRESHOLD(BLOCK_SAMPLES));
  write_register(EN_INT, INT_FIFO | INT_PIN_CMOS);
  write_register(SYNCH, 0);
}

/* The pin is looked at after each block, too: it may have stayed low. */
static void read_if_due(void) {
  uint32_t pin = GPIO_IN(BOARD_ECG_MAX30003_INTERRUPT_PIN);
  busy = (pin & GPIO_BIT(BOARD_ECG_MAX30003_INTERRUPT_PIN)) == 0u;
  if (busy) {
    put_command((FIFO_BURST << 1) | READ, 0);
    spim_exchange(request, block, BLOCK_BYTES);
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

static void take_block(void) {
  for (uint32_t at = 1; at < BLOCK_BYTES; at += WORD_BYTES) {
    uint32_t word = ((uint32_t)block[at] << 16) | ((uint32_t)block[at + 1u] << 8) | block[at + 2u];
    if (TAG(word) < TAGS_OF_SAMPLES) {
      sample_ring_put((int16_t)(uint16_t)(word >> SAMPLE_SHIFT));
    }
    overflown = overflown || TAG(word) == TAG_OVERFLOW;
  }
}

/* What overflowed is of no use, and begins anew. */
static void reset_fifo(void) {
  for (uint32_t sample = 0; sample < FIFO_SAMPLES; sample++) {
    sample_ring_miss();
  }
  put_command(FIFO_RST << 1, 0);
  spim_exchange(request, block, COMMAND_BYTES);
}

static void exchanged(void) {
  if (overflown) {
    overflown = false; /* by the reset that has just ended */
    read_if_due();
    return;
  }
  take_block();
  if (overflown) {
    reset_fifo();
  } else {
    read_if_due();
  }
}

void spim_interrupt(void) {
  if (spim_has_ended()) {
    exchanged();
  }
}
