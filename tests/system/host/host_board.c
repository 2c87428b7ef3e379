#include "host_board.h"

#include <setjmp.h>
#include <stdio.h>

#include "calendar.h"
#include "settings.h"

#define NEVER UINT32_MAX

uint32_t host_flash[BOARD_STORE_SLOTS][BOARD_STORE_WORDS];
uint32_t host_flash_operations;

static jmp_buf power_lost;
static uint32_t cut_at = NEVER;
static uint32_t done_bits;

void board_write(const char *text, uint32_t length) {
  (void)fwrite(text, 1, length, stdout);
}

void board_show(uint32_t outputs) {
  (void)outputs;
}

void board_advertise(const board_advert_t *advert) {
  (void)advert;
}

uint16_t board_battery_mv(void) {
  return 3000;
}

uint32_t board_store_read(uint32_t slot, uint32_t word) {
  return host_flash[slot][word];
}

/* One word on its way to another; where the power goes, some bits get there. */
static void change(uint32_t *word, uint32_t to, uint32_t operation) {
  uint32_t bits = operation == cut_at ? done_bits : UINT32_MAX;
  *word = (*word & ~bits) | (to & bits);
}

static void end_operation(void) {
  host_flash_operations++;
  if (host_flash_operations - 1u == cut_at) {
    longjmp(power_lost, 1);
  }
}

void board_store_erase(uint32_t slot) {
  for (uint32_t word = 0; word < BOARD_STORE_WORDS; word++) {
    change(&host_flash[slot][word], UINT32_MAX, host_flash_operations);
  }
  end_operation();
}

void board_store_program(uint32_t slot, uint32_t word, uint32_t value) {
  change(&host_flash[slot][word], host_flash[slot][word] & value, host_flash_operations);
  end_operation();
}

int32_t host_store(const settings_t *fresh, uint32_t cut, uint32_t done) {
  static settings_t settings; /* outlives the jump */
  settings = *fresh;
  host_flash_operations = 0;
  cut_at = cut;
  done_bits = done;
  if (setjmp(power_lost) != 0) {
    return 1;
  }
  return settings_store(&settings) ? 0 : -1;
}

int32_t host_load(settings_t *settings, uint32_t *dropped) {
  bool whole = settings_load(dropped);
  *settings = *settings_now();
  return whole;
}

uint32_t host_days(uint32_t samples) {
  uint32_t days = 0;
  cut_at = NEVER;
  calendar_start();
  for (uint32_t i = 0; i < samples; i++) {
    days += calendar_tick() ? 1u : 0u;
  }
  return days;
}
