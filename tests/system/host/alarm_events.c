/* The alarms as a program: an event a line on stdin, what they say on stdout.
 *
 *   start PATIENT | time SAMPLE | alert STATE SAMPLE | set ALARM ON SAMPLE | acknowledge SAMPLE
 *   pause SAMPLE
 *
 * STATE and ALARM are the values of spl_alert_t and alarm_t. After each event: "sounds 0" or 1, and
 * what acknowledge and pause have returned. */
#include <stdio.h>
#include <string.h>

#include "alarms.h"

int main(void) {
  char word[16];
  unsigned first;
  unsigned second = 0;
  unsigned third = 0;
  char line[80];
  alarms_init();
  while (fgets(line, sizeof line, stdin) != NULL &&
         sscanf(line, "%15s %u %u %u", word, &first, &second, &third) >= 2) {
    bool done = true;
    if (strcmp(word, "start") == 0) {
      alarms_start(first != 0u);
    } else if (strcmp(word, "time") == 0) {
      alarms_time(first);
    } else if (strcmp(word, "alert") == 0) {
      alarms_alert((spl_alert_t)first, second);
    } else if (strcmp(word, "set") == 0) {
      alarms_set((alarm_t)first, second != 0u, third);
    } else {
      done = strcmp(word, "pause") == 0 ? alarms_pause(first) : alarms_acknowledge(first);
    }
    printf("sounds %d %d\n", alarms_sound(), done);
  }
  return 0;
}
