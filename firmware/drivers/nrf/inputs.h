/* Pins that are read: the acknowledge button, and where an AD8232 says that an electrode is off. */
#ifndef INPUTS_H
#define INPUTS_H

#include <stdbool.h>

void inputs_init(void);

/* Whether LO+ or LO- is high; false on a board that has neither. */
bool inputs_electrode_is_off(void);

#endif
