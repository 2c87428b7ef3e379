/* memcpy, memset and strlen in 60 bytes instead of newlib's 690, whose speed nothing here needs: the model's
 * kernels copy by themselves. */
#include <stddef.h>

/* GCC would recognise the loops, and call the functions that they are. */
#define AS_WRITTEN __attribute__((optimize("no-tree-loop-distribute-patterns")))

void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memset(void *to, int value, size_t count);
size_t strlen(const char *text);

AS_WRITTEN void *memcpy(void *restrict to, const void *restrict from, size_t count) {
  unsigned char *target = to;
  const unsigned char *source = from;
  for (size_t i = 0; i < count; i++) {
    target[i] = source[i];
  }
  return to;
}

AS_WRITTEN void *memset(void *to, int value, size_t count) {
  unsigned char *target = to;
  for (size_t i = 0; i < count; i++) {
    target[i] = (unsigned char)value;
  }
  return to;
}

AS_WRITTEN size_t strlen(const char *text) {
  size_t length = 0;
  while (text[length] != '\0') {
    length++;
  }
  return length;
}
