#ifndef RADIO_H
#define RADIO_H

/* Counts the seconds, on the RTC: from the first board_advertise on, something is sent. */
void radio_start(void);

/* The crystal runs: sends the advertisement that is due. From its interrupt. */
void radio_send(void);

#endif
