/* What a device can be asked and told: docs/protocol.md lists the commands and their answers. */
#ifndef COMMANDS_H
#define COMMANDS_H

/* Carries out one command and answers it with one line. */
void commands_run(const char *text);

#endif
