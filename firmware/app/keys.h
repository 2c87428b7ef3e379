/* What follows from the key of a device: AES-128 of a letter that says what for, and of two numbers.
 * So no two uses share a key, and who learns one of them does not learn the others. */
#ifndef KEYS_H
#define KEYS_H

#include <stdint.h>

#include "aes.h"

typedef enum {
  KEYS_ADVERT = 'A', /* session key of Encrypted Advertising Data */
  KEYS_ADVERT_IV = 'I', /* its first 8 bytes are the initialization vector */
  KEYS_COMMAND = 'C', /* authenticates commands */
  KEYS_ADDRESS = 'P', /* of the advertiser, for a session and a sequence number */
  KEYS_RANDOMIZER = 'R', /* a round's function: round, half */
} keys_use_t;

/* The letter, then both numbers little-endian, then zeros, encrypted by the key of the settings. */
void keys_derive(keys_use_t use, uint32_t first, uint32_t second, uint8_t derived[AES_BYTES]);

#endif
