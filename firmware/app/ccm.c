#include "ccm.h"

#include <string.h>

#define AT_NONCE 1u
#define AT_COUNT 14u /* two bytes, the higher first */
#define LENGTH_BYTES 2u
#define HAS_HEADER 0x40u

/* A CBC-MAC that takes byte after byte. */
typedef struct {
  const uint8_t *key;
  uint8_t block[AES_BYTES];
  uint32_t filled;
} mac_t;

static void mac_end_block(mac_t *mac) {
  if (mac->filled > 0u) {
    aes_encrypt(mac->key, mac->block);
    mac->filled = 0;
  }
}

static void mac_add(mac_t *mac, const uint8_t *bytes, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    mac->block[mac->filled++] ^= bytes[i];
    if (mac->filled == AES_BYTES) {
      mac_end_block(mac);
    }
  }
}

static void put_count(uint8_t *at, uint32_t count) {
  at[0] = (uint8_t)(count >> 8);
  at[1] = (uint8_t)count;
}

/* B_0 and A_i of RFC 3610: flags, the nonce, a length or a counter. */
static void begin_block(uint8_t block[AES_BYTES], uint32_t flags, const uint8_t *nonce,
                        uint32_t count) {
  block[0] = (uint8_t)(flags | (LENGTH_BYTES - 1u));
  memcpy(&block[AT_NONCE], nonce, CCM_NONCE_BYTES);
  put_count(&block[AT_COUNT], count);
}

/* Adds the key stream's block of that number. */
static void scramble(const uint8_t key[AES_BYTES], const uint8_t nonce[CCM_NONCE_BYTES],
                     uint32_t number, uint8_t *data, uint32_t length) {
  uint8_t stream[AES_BYTES];
  begin_block(stream, 0, nonce, number);
  aes_encrypt(key, stream);
  for (uint32_t i = 0; i < length; i++) {
    data[i] ^= stream[i];
  }
}

static void authenticate(mac_t *mac, const uint8_t nonce[CCM_NONCE_BYTES], ccm_header_t header,
                         const uint8_t *data, uint32_t length, uint32_t tag_bytes) {
  uint8_t first[AES_BYTES];
  uint8_t header_length[LENGTH_BYTES];
  begin_block(first, HAS_HEADER | (tag_bytes - 2u) / 2u << 3, nonce, length);
  put_count(header_length, header.length);
  mac_add(mac, first, sizeof first);
  mac_add(mac, header_length, sizeof header_length);
  mac_add(mac, header.bytes, header.length);
  mac_end_block(mac);
  mac_add(mac, data, length);
  mac_end_block(mac);
}

void ccm_seal(const uint8_t key[AES_BYTES], const uint8_t nonce[CCM_NONCE_BYTES],
              ccm_header_t header, uint8_t *data, uint32_t length, uint8_t *tag,
              uint32_t tag_bytes) {
  mac_t mac = {key, {0}, 0};
  authenticate(&mac, nonce, header, data, length, tag_bytes);
  memcpy(tag, mac.block, tag_bytes);
  scramble(key, nonce, 0, tag, tag_bytes);
  for (uint32_t at = 0; at < length; at += AES_BYTES) {
    const uint32_t left = length - at;
    scramble(key, nonce, at / AES_BYTES + 1u, &data[at], left < AES_BYTES ? left : AES_BYTES);
  }
}
