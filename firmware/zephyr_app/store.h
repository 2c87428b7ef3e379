/* Two slots of settings in Zephyr's settings subsystem, which shares its partition with bonds. */
#ifndef STORE_H
#define STORE_H

/* Reads both slots. */
void store_init(void);

/* Hands its bonds to Bluetooth, once that runs. */
void store_load_bonds(void);

#endif
