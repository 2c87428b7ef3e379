/* Text in and out of the console's UART. */
#ifndef UART_H
#define UART_H

/* Ready for board_write. */
void uart_init(void);

/* From here on what arrives gets into the receive ring. */
void uart_listen(void);

/* Takes what has arrived at a UART without interrupts; called at each sample. */
void uart_poll(void);

#endif
