/* What a paired phone reads: a GATT service beside Battery Service and Device Information.
 *
 * UUID 2689b6aa-becf-4ed6-8651-5dc1464c20NN. Each value is read and notified over an authenticated link, by who
 * has paired: that needs the button, held as for a command, and the passkey in the line "# passkey". Values are little-endian.
 *
 *   NN f2  the service
 *      f3  estimate: int32 in thousandths of the model's unit; -2^31: none, or a replay
 *      f4  interval: int32 low, int32 high; -2^31: none
 *      f5  risk: int16 thousandths that SPL reaches the first, the second alert level; -1: unknown
 *      f6  alert: uint8, spl_alert_t
 *      f7  quality: uint8, bits: 0 an estimate counts, 1 a physiological alarm is on, 2 a technical one,
 *          3 that of a missing signal, 4 replay
 */
#ifndef GATT_H
#define GATT_H

/* Starts Bluetooth and makes the device connectable. */
void gatt_start(void);

/* A sample has passed. Brings the values up to date once a second, from the main loop. */
void gatt_tick(void);

#endif
