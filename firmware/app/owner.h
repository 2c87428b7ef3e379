/* What the owner of a device has it do: its key, a session to sign in, who hears it. */
#ifndef OWNER_H
#define OWNER_H

#include "answers.h"
#include "settings.h"

/* Puts a key in force, or none; `is_allowed` where the command is signed or confirmed. */
reason_t owner_provision(const char **text, bool is_allowed);

/* Answers `session`. */
reason_t owner_open_session(void);

/* Reads the rest of `broadcast` into a copy of the settings, which is then to be stored. */
reason_t owner_broadcast(const char **text, settings_t *settings);

#endif
