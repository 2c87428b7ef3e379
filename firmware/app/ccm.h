/* AES-CCM (RFC 3610) as Bluetooth has it: a length of two bytes, so a nonce of 13. */
#ifndef CCM_H
#define CCM_H

#include <stdint.h>

#include "aes.h"

#define CCM_NONCE_BYTES 13u

/* What is authenticated without being encrypted; at most 0xFEFF bytes. */
typedef struct {
  const uint8_t *bytes;
  uint32_t length;
} ccm_header_t;

/* Encrypts `length` bytes of `data` in place, at most 0xFFFF, and writes the tag of header and data:
 * 4, 8 or 16 bytes. No nonce may serve twice with a key. */
void ccm_seal(const uint8_t key[AES_BYTES], const uint8_t nonce[CCM_NONCE_BYTES],
              ccm_header_t header, uint8_t *data, uint32_t length, uint8_t *tag,
              uint32_t tag_bytes);

#endif
