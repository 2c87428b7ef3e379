/* Text in and out of UART0. */
#ifndef UART_H
#define UART_H

/* Ready for board_write. */
void uart_init(void);

/* From here on what arrives gets into the receive ring. */
void uart_listen(void);

#endif
