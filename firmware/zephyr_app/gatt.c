#include "gatt.h"

#include <string.h>
#include <zephyr/bluetooth/bluetooth.h>
#include <zephyr/bluetooth/conn.h>
#include <zephyr/bluetooth/gatt.h>
#include <zephyr/bluetooth/services/bas.h>
#include <zephyr/bluetooth/uuid.h>
#include <zephyr/kernel.h>
#include <zephyr/sys/atomic.h>
#include <zephyr/sys/byteorder.h>

#include "alarms.h"
#include "app_config.h"
#include "board.h"
#include "line.h"
#include "monitor.h"
#include "replay.h"
#include "session.h"
#include "settings.h"
#include "spl.h"
#include "store.h"

#define UUID(last) BT_UUID_DECLARE_128(UUID_BYTES(last))
#define UUID_BYTES(last)                                                                           \
  BT_UUID_128_ENCODE(0x2689b6aa, 0xbecf, 0x4ed6, 0x8651, 0x5dc1464c2000 + (last))

enum { ESTIMATE, INTERVAL, RISK, ALERT, QUALITY, VALUES };
#define VALUE_BYTES 8u
static const uint8_t sizes[VALUES] = {
    [ESTIMATE] = 4, [INTERVAL] = 8, [RISK] = 4, [ALERT] = 1, [QUALITY] = 1};

#define COUNTS (1u << 0)
#define PHYSIOLOGICAL (1u << 1)
#define TECHNICAL (1u << 2)
#define SIGNAL (1u << 3)
#define REPLAY (1u << 4)

/* Of the supply: under the first the chip stores nothing, the other is a fresh lithium coin cell. */
#define EMPTY_MV 2100u
#define FULL_MV 3000u
#define PERCENT 100u

#define PASSKEY_DIGITS 6u
static atomic_t passkey; /* and 1, of Bluetooth's thread, until the main loop says it; 0: none */

/* Written by the main loop, read by Bluetooth's thread. */
static uint8_t values[VALUES][VALUE_BYTES];
static K_MUTEX_DEFINE(values_lock);

static ssize_t read_value(struct bt_conn *connection, const struct bt_gatt_attr *attribute,
                          void *to, uint16_t length, uint16_t offset) {
  const uintptr_t which = (uintptr_t)attribute->user_data;
  uint8_t value[VALUE_BYTES];
  (void)k_mutex_lock(&values_lock, K_FOREVER);
  memcpy(value, values[which], sizeof value);
  (void)k_mutex_unlock(&values_lock);
  return bt_gatt_attr_read(connection, attribute, to, length, offset, value, sizes[which]);
}

#define VALUE(last, which)                                                                         \
  BT_GATT_CHARACTERISTIC(UUID(last), BT_GATT_CHRC_READ | BT_GATT_CHRC_NOTIFY,                      \
                         BT_GATT_PERM_READ_AUTHEN, read_value, NULL, (void *)(which)),             \
      BT_GATT_CCC(NULL, BT_GATT_PERM_READ_AUTHEN | BT_GATT_PERM_WRITE_AUTHEN)

/* Attributes: the service, then three each: declaration, value, client configuration. */
#define AT_VALUE(which) (2 + 3 * (which))
BT_GATT_SERVICE_DEFINE(service, BT_GATT_PRIMARY_SERVICE(UUID(0xf2)), VALUE(0xf3, ESTIMATE),
                       VALUE(0xf4, INTERVAL), VALUE(0xf5, RISK), VALUE(0xf6, ALERT),
                       VALUE(0xf7, QUALITY));

static void set_value(uint32_t which, const uint8_t fresh[VALUE_BYTES]) {
  if (memcmp(values[which], fresh, sizes[which]) == 0) {
    return;
  }
  (void)k_mutex_lock(&values_lock, K_FOREVER);
  memcpy(values[which], fresh, VALUE_BYTES);
  (void)k_mutex_unlock(&values_lock);
  /* Goes to those alone that have asked for it, over a link that is encrypted. */
  (void)bt_gatt_notify(NULL, &service.attrs[AT_VALUE(which)], fresh, sizes[which]);
}

static void set_estimate(const spl_t *stream, bool counts, int32_t value) {
  uint8_t fresh[VALUE_BYTES] = {0};
  sys_put_le32((uint32_t)value, fresh);
  set_value(ESTIMATE, fresh);
  int32_t low = SPL_NO_VALUE;
  int32_t high = SPL_NO_VALUE;
  int32_t risk_high = -1;
  int32_t risk_critical = -1;
#if SPL_TASK == SPL_TASK_POTASSIUM
  if (counts) {
    (void)spl_interval(stream, value, &low, &high);
#if SPL_HAS_SPREAD
    risk_high = spl_risk(stream, settings_now()->high);
    risk_critical = spl_risk(stream, settings_now()->critical);
#endif
  }
#else
  ARG_UNUSED(stream);
  ARG_UNUSED(counts);
#endif
  sys_put_le32((uint32_t)low, fresh);
  sys_put_le32((uint32_t)high, &fresh[4]);
  set_value(INTERVAL, fresh);
  sys_put_le16((uint16_t)risk_high, fresh);
  sys_put_le16((uint16_t)risk_critical, &fresh[2]);
  set_value(RISK, fresh);
}

static void update(void) {
  const spl_t *stream = monitor_stream();
  int32_t value = SPL_NO_VALUE;
  const bool counts = !replay_is_on() && spl_latest(stream, &value);
  set_estimate(stream, counts, counts ? value : SPL_NO_VALUE);
  const uint8_t alert[VALUE_BYTES] = {replay_is_on() ? SPL_ALERT_NONE : (uint8_t)spl_alert(stream)};
  set_value(ALERT, alert);
  const uint8_t quality[VALUE_BYTES] = {
      (uint8_t)((counts ? COUNTS : 0u) |
                (alarms_any(ALARM_CRITICAL, ALARM_HIGH) ? PHYSIOLOGICAL : 0u) |
                (alarms_any(ALARM_DEVICE, ALARM_BATTERY) ? TECHNICAL : 0u) |
                (alarms_any(ALARM_SIGNAL, ALARM_SIGNAL) ? SIGNAL : 0u) |
                (replay_is_on() ? REPLAY : 0u))};
  set_value(QUALITY, quality);
#if defined(CONFIG_BT_BAS) && BOARD_CAN_MEASURE_BATTERY
  const uint32_t supply_mv = CLAMP(board_battery_mv(), EMPTY_MV, FULL_MV);
  (void)bt_bas_set_battery_level(
      (uint8_t)((supply_mv - EMPTY_MV) * PERCENT / (FULL_MV - EMPTY_MV)));
#endif
}

static void forget_passkey(struct bt_conn *connection) {
  ARG_UNUSED(connection);
  atomic_clear(&passkey);
}

/* Lines are the main loop's. */
static void say_passkey(void) {
  char digits[PASSKEY_DIGITS + 1u] = "";
  uint32_t left = (uint32_t)atomic_clear(&passkey);
  if (left == 0u) {
    return;
  }
  left--;
  for (uint32_t i = PASSKEY_DIGITS; i > 0u; i--) {
    digits[i - 1u] = (char)('0' + left % 10u);
    left /= 10u;
  }
  line_begin('#');
  line_word("passkey");
  line_word(digits);
  line_send();
}

void gatt_tick(void) {
  static uint32_t waited;
  say_passkey();
  waited++;
  if (waited >= BOARD_FS_HZ) {
    waited = 0;
    update();
  }
}

static const struct bt_data advertised[] = {
    BT_DATA_BYTES(BT_DATA_FLAGS, BT_LE_AD_GENERAL | BT_LE_AD_NO_BREDR),
    BT_DATA_BYTES(BT_DATA_UUID128_ALL, UUID_BYTES(0xf2)),
};

static void advertise(struct k_work *work) {
  ARG_UNUSED(work);
  (void)bt_le_adv_start(BT_LE_ADV_PARAM(BT_LE_ADV_OPT_CONNECTABLE, BT_GAP_ADV_SLOW_INT_MIN,
                                        BT_GAP_ADV_SLOW_INT_MAX, NULL),
                        advertised, ARRAY_SIZE(advertised), NULL, 0);
}
static K_WORK_DEFINE(advertise_again, advertise);

/* The connection is free for another one only now. */
static void recycled(void) {
  (void)k_work_submit(&advertise_again);
}
BT_CONN_CB_DEFINE(connections) = {.recycled = recycled};

/* A new pairing needs the button, as a command that changes something does, and the passkey, which the
 * device says on its wire. */
static void show_passkey(struct bt_conn *connection, unsigned int fresh) {
  if (session_is_confirmed()) {
    atomic_set(&passkey, (atomic_val_t)fresh + 1);
  } else {
    (void)bt_conn_auth_cancel(connection);
  }
}

/* Who cannot enter a passkey does not pair. */
static void refuse_pairing(struct bt_conn *connection) {
  (void)bt_conn_auth_cancel(connection);
}

static const struct bt_conn_auth_cb pairing = {
    .passkey_display = show_passkey, .pairing_confirm = refuse_pairing, .cancel = forget_passkey};

void gatt_start(void) {
  update();
  if (bt_conn_auth_cb_register(&pairing) != 0 || bt_enable(NULL) != 0) {
    return; /* the device itself goes on; nobody hears it by radio */
  }
  store_load_bonds();
  advertise(NULL);
}
