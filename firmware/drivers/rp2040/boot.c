/* The second stage that the RP2040's boot ROM copies from the first 256 bytes of the flash into
 * RAM, checks by CRC and jumps to (RP2040 Datasheet, 2.8.1). It sets the SSI up to read the flash
 * in place by the 03h command, which every flash chip knows (4.10), and starts the application
 * behind itself. It runs before there is a stack, and wherever it was copied to. */

void boot(void);

__attribute__((naked, used, section(".boot"))) void boot(void) {
  __asm volatile("ldr   r0, =0x18000000\n\t" /* SSI */
                 "movs  r1, #0\n\t"
                 "str   r1, [r0, #0x08]\n\t" /* SSIENR: off while it is set up */
                 "movs  r1, #4\n\t"
                 "str   r1, [r0, #0x14]\n\t" /* BAUDR: a quarter of clk_sys */
                 "ldr   r1, =0x001F0300\n\t"
                 "str   r1, [r0, #0x00]\n\t" /* CTRLR0: 32 bits a frame, EEPROM read, one lane */
                 "movs  r1, #0\n\t"
                 "str   r1, [r0, #0x04]\n\t" /* CTRLR1: one frame a read */
                 "ldr   r1, =0x03000218\n\t"
                 "movs  r2, #0xF4\n\t"
                 "str   r1, [r0, r2]\n\t" /* SPI_CTRLR0: 03h, 8 bits of command, 24 of address */
                 "movs  r1, #1\n\t"
                 "str   r1, [r0, #0x08]\n\t"
                 "ldr   r0, =0x10000100\n\t" /* the vectors */
                 "ldr   r1, [r0, #0]\n\t"
                 "msr   msp, r1\n\t"
                 "ldr   r1, [r0, #4]\n\t"
                 "bx    r1\n\t"
                 ".ltorg\n\t"
                 ".org  252\n\t"
                 ".word 0x6C75739F\n\t"); /* CRC-32 of what is before it */
}
