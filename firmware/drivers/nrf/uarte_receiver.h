/* The receiving half of UARTE0. */
#ifndef UARTE_RECEIVER_H
#define UARTE_RECEIVER_H

/* Connects it to its pin, before the UARTE is enabled. */
void uarte_receiver_init(void);

/* From here on what arrives gets into the receive ring. */
void uarte_receiver_listen(void);

/* The crystal runs. From its interrupt. */
void uarte_receiver_start(void);

/* From the UARTE's interrupt, and from the one of pins that are sensed. */
void uarte_receiver_interrupt(void);
void uarte_receiver_line_changed(void);

#endif
