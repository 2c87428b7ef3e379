#include "owner.h"

#include "advert.h"
#include "fields.h"
#include "line.h"
#include "monitor.h"
#include "session.h"

/* `KEY`, or `off`. The first key is taken from whoever brings it. */
reason_t owner_provision(const char **text, bool is_allowed) {
  uint8_t key[AES_BYTES];
  const bool ends = fields_word(text, "off");
  if ((!ends && !fields_bytes(text, key, sizeof key)) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (!is_allowed && (ends || session_has_key())) {
    return LOCKED;
  }
  if (!session_may_store()) {
    return OFTEN;
  }
  if (!session_set_key(ends ? NULL : key)) {
    return STORAGE;
  }
  monitor_advertise();
  return NULL;
}

reason_t owner_open_session(void) {
  const uint32_t number = session_number();
  if (number == 0u) {
    return session_has_key() ? STORAGE : KEYLESS;
  }
  answer_begin("session", true);
  line_unsigned(number);
  line_unsigned(session_skip());
  line_send();
  return ANSWERED;
}

/* `on` or `off`. */
reason_t owner_broadcast(const char **text, settings_t *settings) {
  const bool on = fields_word(text, "on");
  if ((!on && !fields_word(text, "off")) || !fields_end(*text)) {
    return ARGUMENT;
  }
  if (!ADVERT_IS_SEALED) {
    return UNSUPPORTED;
  }
  if (!session_has_key()) {
    return KEYLESS;
  }
  settings->flags = SETTINGS_HAS_KEY | (on ? SETTINGS_BROADCASTS : 0u);
  return NULL;
}
