/* A BLE advertisement that nobody can connect to (Bluetooth Core Specification 5.4, Vol 6, Part B:
 * 2.1.2 the access address, 2.3.1.3 ADV_NONCONN_IND, 3.1.1 CRC, 3.2 whitening, 4.4.2 events), by
 * the RADIO alone (nRF52840 Product Specification v1.7, 6.20). About once a second the RTC wakes
 * the core, the crystal comes up, and the packet goes out on channels 37, 38 and 39. */
#include "radio.h"

#include <string.h>

#include "board.h"
#include "crystal.h"
#include "nrf.h"
#include "rtc.h"

#define HEADER_BYTES 1u
#define LENGTH_BITS 8u
#define BASE_BYTES 3u /* of the access address; its last one is the prefix */

#define ACCESS_ADDRESS 0x8E89BED6u
#define CRC_POLYNOMIAL 0x00065Bu
#define CRC_START 0x555555u

#define ADV_NONCONN_IND 2u
#define RANDOM_ADDRESS (1u << 6)
#define STATIC_ADDRESS 0xC0u /* the two highest bits of a random one that stays */

#define EVERY_TICKS RTC_HZ
/* To every interval up to 10 ms are added by chance: who has met once does not meet for ever. */
#define DELAY_MASK 255u
#define LCG_FACTOR 1664525u
#define LCG_TERM 1013904223u

static const struct {
  uint8_t number;
  uint8_t mhz_over_2400;
} channels[] = {{37, 2}, {38, 26}, {39, 80}};
#define CHANNELS (sizeof channels / sizeof channels[0])

/* As it lies in RAM and goes out, byte by byte. */
static struct {
  uint8_t header;
  uint8_t length;
  uint8_t address[BOARD_ADDRESS_BYTES];
  uint8_t data[BOARD_ADVERT_BYTES];
} packet;

static board_advert_t next;
static uint32_t channel;
static uint32_t chance;

/* The chip's own address, where it is not to hide. */
static void take_own_address(board_advert_t *advert) {
  uint32_t words[2] = {FICR_DEVICEADDR(0u), FICR_DEVICEADDR(1u)};
  memcpy(advert->address, words, sizeof advert->address);
  advert->has_address = (FICR_DEVICEADDRTYPE & FICR_DEVICEADDRTYPE_DEVICEADDRTYPE_RANDOM) != 0u;
  if (advert->has_address) {
    advert->address[BOARD_ADDRESS_BYTES - 1u] |= STATIC_ADDRESS;
  }
}

static void configure(void) {
  RADIO_SHORTS = RADIO_SHORTS_READY_START | RADIO_SHORTS_END_DISABLE;
  RADIO_MODE = RADIO_MODE_MODE_BLE_1MBIT;
  RADIO_PCNF0 = RADIO_PCNF0_LFLEN(LENGTH_BITS) | RADIO_PCNF0_S0LEN(HEADER_BYTES);
  RADIO_PCNF1 = RADIO_PCNF1_MAXLEN(sizeof packet) | RADIO_PCNF1_BALEN(BASE_BYTES) |
                RADIO_PCNF1_ENDIAN_LITTLE | RADIO_PCNF1_WHITEEN_ENABLED;
  RADIO_PREFIX0 = ACCESS_ADDRESS >> 24;
  RADIO_BASE0 = ACCESS_ADDRESS << 8;
  RADIO_CRCCNF = RADIO_CRCCNF_LEN_THREE | RADIO_CRCCNF_SKIPADDR_SKIP;
  RADIO_CRCPOLY = CRC_POLYNOMIAL;
  RADIO_CRCINIT = CRC_START;
  RADIO_PACKETPTR = (uint32_t)&packet;
  RADIO_INTENSET = RADIO_INTENSET_DISABLED;
}

static void wait_for_second(void) {
  chance = chance * LCG_FACTOR + LCG_TERM;
  uint32_t delay = (chance >> 16) & DELAY_MASK; /* the low bits of such a generator are poor */
  (void)rtc_compare_at(RTC_ADVERT, RTC_COUNTER + EVERY_TICKS + delay);
}

void radio_start(void) {
  chance = FICR_DEVICEADDR(0u);
  configure();
  core_enable_interrupt(RADIO_IRQ);
  RTC_INTENSET = RTC_INTENSET_COMPARE(RTC_ADVERT);
  core_enable_interrupt(RTC_IRQ);
  wait_for_second();
}

void board_advertise(const board_advert_t *advert) {
  board_advert_t fresh = *advert;
  if (!fresh.has_address) {
    take_own_address(&fresh);
  }
  core_disable_interrupts();
  next = fresh;
  core_enable_interrupts();
}

static void send_on_channel(void) {
  RADIO_FREQUENCY = channels[channel].mhz_over_2400;
  RADIO_DATAWHITEIV = channels[channel].number;
  RADIO_TASKS_TXEN = 1;
}

/* A packet is not changed while it goes out. */
void radio_send(void) {
  packet.header = (uint8_t)(ADV_NONCONN_IND | (next.has_address ? RANDOM_ADDRESS : 0u));
  packet.length = (uint8_t)(BOARD_ADDRESS_BYTES + next.length);
  memcpy(packet.address, next.address, sizeof packet.address);
  memcpy(packet.data, next.data, sizeof packet.data);
  channel = 0;
  core_barrier();
  send_on_channel();
}

void radio_interrupt(void) {
  if (RADIO_EVENTS_DISABLED != 0u) {
    RADIO_EVENTS_DISABLED = 0;
    channel++;
    if (channel < CHANNELS) {
      send_on_channel();
    } else {
      crystal_release(CRYSTAL_FOR_RADIO);
    }
  }
}

void rtc_interrupt(void) {
  if (RTC_EVENTS_COMPARE(RTC_ADVERT) != 0u) {
    RTC_EVENTS_COMPARE(RTC_ADVERT) = 0;
    wait_for_second();
    if (next.length > 0u && crystal_take(CRYSTAL_FOR_RADIO)) {
      radio_send();
    }
  }
}
