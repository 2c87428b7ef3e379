#include "session.h"

#include <string.h>

#include "app_config.h"
#include "ccm.h"
#include "keys.h"
#include "settings.h"

/* The nonce of a signature: session, count, zeros. */
#define AT_COUNT 4u

static bool is_open;
static uint32_t count; /* commands signed in this session */
static uint32_t held; /* samples that the button is down */
static uint32_t confirmed; /* samples that are left */
static uint32_t stores; /* that are still counted */
static uint32_t store_wait; /* samples until one of them is not */

bool session_has_key(void) {
  return (settings_now()->flags & SETTINGS_HAS_KEY) != 0u;
}

bool session_set_key(const uint8_t *key) {
  settings_t settings = *settings_now();
  memset(settings.key, 0, sizeof settings.key);
  settings.flags = 0;
  settings.session = 0;
  if (key != NULL) {
    memcpy(settings.key, key, sizeof settings.key);
    settings.flags = SETTINGS_HAS_KEY;
  }
  if (!settings_store(&settings)) {
    return false;
  }
  is_open = false;
  count = 0;
  return true;
}

uint32_t session_number(void) {
  if (!session_has_key()) {
    return 0;
  }
  if (!is_open) {
    settings_t settings = *settings_now();
    settings.session++;
    if (settings.session > SESSION_LAST || !settings_store(&settings)) {
      return 0;
    }
    is_open = true;
  }
  return settings_now()->session;
}

uint32_t session_skip(void) {
  return ++count;
}

bool session_takes(const uint8_t signature[SESSION_SIGNATURE_BYTES], const char *text) {
  uint8_t key[AES_BYTES];
  uint8_t nonce[CCM_NONCE_BYTES] = {0};
  uint8_t own[SESSION_SIGNATURE_BYTES];
  if (!is_open || count == UINT32_MAX) {
    return false;
  }
  const uint32_t session = settings_now()->session;
  memcpy(nonce, &session, sizeof session);
  memcpy(&nonce[AT_COUNT], &count, sizeof count);
  keys_derive(KEYS_COMMAND, 0, 0, key);
  const ccm_header_t signed_text = {(const uint8_t *)text, (uint32_t)strlen(text)};
  ccm_seal(key, nonce, signed_text, NULL, 0, own, sizeof own);
  uint32_t differs = 0;
  for (uint32_t i = 0; i < sizeof own; i++) {
    differs |= (uint32_t)(own[i] ^ signature[i]);
  }
  if (differs != 0u) {
    return false;
  }
  count++;
  return true;
}

void session_tick(bool is_pressed) {
  held = is_pressed ? held + 1u : 0u;
  confirmed -= confirmed > 0u ? 1u : 0u;
  if (held == SESSION_HOLD_S * BOARD_FS_HZ) {
    confirmed = SESSION_CONFIRMED_S * BOARD_FS_HZ;
  }
  store_wait -= store_wait > 0u ? 1u : 0u;
  if (store_wait == 0u && stores > 0u) {
    stores--;
    store_wait = SESSION_STORE_S * BOARD_FS_HZ;
  }
}

bool session_is_confirmed(void) {
  return confirmed > 0u;
}

bool session_may_store(void) {
  if (stores == SESSION_STORES) {
    return false;
  }
  if (stores == 0u) {
    store_wait = SESSION_STORE_S * BOARD_FS_HZ;
  }
  stores++;
  return true;
}
