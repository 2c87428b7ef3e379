/* The functions of Zephyr's settings subsystem that store.c calls, with the types that its documentation has. */
#include <zephyr/kernel.h>

typedef ssize_t (*settings_read_cb)(void *context, void *data, size_t size);
typedef int (*settings_load_direct_cb)(const char *key, size_t size, settings_read_cb read,
                                       void *context, void *parameter);
int settings_subsys_init(void);
int settings_load_subtree(const char *subtree);
int settings_load_subtree_direct(const char *subtree, settings_load_direct_cb take,
                                 void *parameter);
int settings_save_one(const char *name, const void *value, size_t size);
int settings_delete(const char *name);
