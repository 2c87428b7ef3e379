/* A plugin of QEMU that counts the instructions that a machine executes, and writes their number to
 * a file when it ends. QEMU's own declarations (qemu-plugin.h, plugin API 1) are not installed
 * beside it everywhere: the five that are used stand here. */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id_t;
struct qemu_plugin_tb;
typedef void (*on_exit_t)(plugin_id_t id, void *data);
typedef void (*on_translation_t)(plugin_id_t id, struct qemu_plugin_tb *block);
typedef void (*on_block_t)(unsigned int cpu, void *data);
enum { REGISTERS_UNUSED = 0 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
void qemu_plugin_register_atexit_cb(plugin_id_t id, on_exit_t call, void *data);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id_t id, on_translation_t call);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, on_block_t call, int uses,
                                          void *data);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(plugin_id_t id, const void *info, int count, char **arguments);

static uint64_t executed;
static char path[4096];

static void on_block(unsigned int cpu, void *instructions) {
  (void)cpu;
  executed += (uintptr_t)instructions;
}

static void on_translation(plugin_id_t id, struct qemu_plugin_tb *block) {
  (void)id;
  void *instructions = (void *)(uintptr_t)qemu_plugin_tb_n_insns(block);
  qemu_plugin_register_vcpu_tb_exec_cb(block, on_block, REGISTERS_UNUSED, instructions);
}

static void on_exit(plugin_id_t id, void *data) {
  (void)id;
  (void)data;
  FILE *file = fopen(path, "w");
  if (file != NULL) {
    fprintf(file, "%llu\n", (unsigned long long)executed);
    fclose(file);
  }
}

/* The argument: to=PATH. */
int qemu_plugin_install(plugin_id_t id, const void *info, int count, char **arguments) {
  static const char key[] = "to=";
  (void)info;
  if (count != 1 || strncmp(arguments[0], key, sizeof key - 1) != 0) {
    return 1;
  }
  snprintf(path, sizeof path, "%s", arguments[0] + sizeof key - 1);
  qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
  qemu_plugin_register_atexit_cb(id, on_exit, NULL);
  return 0;
}
