#ifndef SHOW_H
#define SHOW_H

/* Drives the pins that board_show speaks through, all off. */
void show_init(void);

#endif
