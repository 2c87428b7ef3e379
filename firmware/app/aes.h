/* AES-128, one block, one direction: what CCM needs (FIPS 197).
 *
 * The S-box is a table in flash. Its time does not depend on the key on a core without a data
 * cache; its supply current does, so that who can measure that can learn the key
 * (docs/security.md). */
#ifndef AES_H
#define AES_H

#include <stdint.h>

#define AES_BYTES 16u

/* Encrypts `block` in place. */
void aes_encrypt(const uint8_t key[AES_BYTES], uint8_t block[AES_BYTES]);

#endif
