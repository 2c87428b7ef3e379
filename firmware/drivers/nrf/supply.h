#ifndef SUPPLY_H
#define SUPPLY_H

#include <stdbool.h>

/* Whether the supply has been under 2.1 V since this was last asked. */
bool supply_was_low(void);

#endif
