#include "keys.h"

#include <string.h>

#include "settings.h"

#define AT_FIRST 1u
#define AT_SECOND 5u

void keys_derive(keys_use_t use, uint32_t first, uint32_t second, uint8_t derived[AES_BYTES]) {
  memset(derived, 0, AES_BYTES);
  derived[0] = (uint8_t)use;
  memcpy(&derived[AT_FIRST], &first, sizeof first); /* our processors are little-endian */
  memcpy(&derived[AT_SECOND], &second, sizeof second);
  aes_encrypt(settings_now()->key, derived);
}
