#ifndef SUPPLY_H
#define SUPPLY_H

#include <stdbool.h>

/* The supply has been under 2.1 V, and no settings have been asked to be written since. */
extern volatile bool supply_warned;

#endif
