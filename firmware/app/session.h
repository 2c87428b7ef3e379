/* Who may change something: whoever has the device's key, or holds its button.
 *
 * A session is a number that the device has never used before with its key, and a count of the commands
 * that were signed within it. Both go into each signature, so that a signed command is good once.
 * docs/security.md says against whom this helps. */
#ifndef SESSION_H
#define SESSION_H

#include <stdbool.h>
#include <stdint.h>

/* Of a command's signature; a key has AES_BYTES. Both go over the wire as two hexadecimal digits a byte. */
#define SESSION_SIGNATURE_BYTES 8u

/* The button, held for so long, confirms what is sent within so long after it. */
#define SESSION_HOLD_S 3u
#define SESSION_CONFIRMED_S 30u

/* Settings are stored so many times at once, and once more every so many seconds: a flash page lasts for
 * 10,000 erasures, and there are two. */
#define SESSION_STORES 16u
#define SESSION_STORE_S 600u

/* An advertisement has room for 16 bits of a session's number. A device counts one a start at most. */
#define SESSION_LAST 65535u

bool session_has_key(void);

/* Puts a key in force and stores it, or none; sessions start anew. False where the flash does not take it. */
bool session_set_key(const uint8_t *key);

/* The session of this run: the first call opens it, which stores its number. 0: there is no key, the flash
 * does not take it, or numbers have run out. */
uint32_t session_number(void);

/* Commands signed so far, and one more: what was signed before and is on its way is void. */
uint32_t session_skip(void);

/* Whether a text is signed with the key for the next count, which it then uses up. */
bool session_takes(const uint8_t signature[SESSION_SIGNATURE_BYTES], const char *text);

/* A sample has passed; `is_pressed`: the button. */
void session_tick(bool is_pressed);

/* Whether the button was held a moment ago. */
bool session_is_confirmed(void);

/* Whether settings may be stored now; they are then counted as stored. */
bool session_may_store(void);

#endif
