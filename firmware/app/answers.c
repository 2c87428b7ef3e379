#include "answers.h"

#include "line.h"

const char ANSWERED[] = "";

void answer_begin(const char *command, bool ok) {
  line_begin('R');
  line_word(command);
  line_word(ok ? "ok" : "error");
}

void answer(const char *command, reason_t reason) {
  answer_begin(command, reason == NULL);
  if (reason != NULL) {
    line_word(reason);
  }
  line_send();
}
