/* The application as a program: a recording, over and over, and frames from the wire between its
 * samples.
 *
 *   play RECORDING FRAMES SAMPLES FIRST
 *
 * RECORDING: int16 counts. FRAMES: each its length, uint32, and its bytes; as long as the
 * application listens they are given to it, the FIRST ones at once, the others as many samples apart.
 * Writes the application's lines, then how it went since the first ones:
 * "samples N flash M settings K", with the operations on flash and whether settings have changed. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app.h"
#include "host_board.h"
#include "settings.h"

#define MAX_FRAME_BYTES 8192u
#define MAX_SAMPLES (1u << 20)

static int16_t samples[MAX_SAMPLES];
static size_t sample_count;
static size_t next_sample;
static size_t pushed;

static FILE *open_file(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    perror(path);
    exit(EXIT_FAILURE);
  }
  return file;
}

static void push(void) {
  app_push(samples[next_sample]);
  next_sample = (next_sample + 1u) % sample_count;
  pushed++;
}

static void receive(const char *bytes, uint32_t length) {
  for (uint32_t i = 0; i < length; i++) {
    while (!app_listens()) {
      push();
    }
    app_receive(bytes[i]);
  }
}

int main(int count, char **words) {
  static char frame[MAX_FRAME_BYTES];
  if (count != 5) {
    return EXIT_FAILURE;
  }
  FILE *recording = open_file(words[1]);
  FILE *frames = open_file(words[2]);
  uint32_t spacing = (uint32_t)strtoul(words[3], NULL, 10);
  sample_count = fread(samples, sizeof samples[0], MAX_SAMPLES, recording);
  memset(host_flash, 0xFF, sizeof host_flash);
  app_init();
  uint32_t first = (uint32_t)strtoul(words[4], NULL, 10);
  settings_t before = *settings_now();
  uint32_t length;
  while (fread(&length, sizeof length, 1, frames) == 1 && length <= MAX_FRAME_BYTES &&
         fread(frame, 1, length, frames) == length) {
    receive(frame, length);
    if (first > 0u) {
      first--;
      before = *settings_now();
      host_flash_operations = 0;
      pushed = 0;
      continue;
    }
    for (uint32_t i = 0; i < spacing; i++) {
      push();
    }
  }
  printf("samples %zu flash %u settings %d\n", pushed, host_flash_operations,
         memcmp(&before, settings_now(), sizeof before) != 0);
  return EXIT_SUCCESS;
}
