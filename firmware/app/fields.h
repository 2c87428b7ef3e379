/* The fields of a command, one after another: words and numbers with one space between. Each
 * function takes the next field off the text where it is what was asked for, and leaves the text
 * alone otherwise. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stdint.h>

/* Numbers that a command may hold, either way. */
#define FIELDS_LARGEST 999999999

bool fields_word(const char **text, const char *word);
bool fields_number(const char **text, int32_t *value);

/* The value of an upper-case hexadecimal digit; 16 for any other character. */
uint32_t fields_digit(char letter);

/* Four upper-case hexadecimal digits out of a field of many: an int16. */
bool fields_sample(const char **text, int16_t *sample);

/* Two upper-case hexadecimal digits for each of so many bytes, and nothing more in the field. */
bool fields_bytes(const char **text, uint8_t *bytes, uint32_t count);

/* Whether nothing is left. */
static inline bool fields_end(const char *text) {
  return *text == '\0';
}

#endif
