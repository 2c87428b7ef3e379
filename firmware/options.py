"""GCC's options for an export, by part. Makefile, CMake target and Zephyr module take them from here."""

from dataclasses import dataclass

SECTIONS = (
    "-ffunction-sections",
    "-fdata-sections",
    "-fno-common",
    "-fno-unwind-tables",
    "-fno-asynchronous-unwind-tables",
)

KERNELS = (
    "-O2",
    # Inner loops are written in the order that keeps them in registers.
    "-fno-schedule-insns",
    "-fno-schedule-insns2",
    "-fno-tree-pre",
    # Neither copies of loop headers nor calls of memset: both cost flash.
    "-fno-tree-ch",
    "-fno-tree-loop-distribute-patterns",
)

FRONT_END = (
    "-O2",
    # memset takes 4 instructions a byte.
    "-fno-tree-loop-distribute-patterns",
    # Smaller, and no slower.
    "-fno-inline-small-functions",
    "-fno-schedule-insns",
    "-fno-schedule-insns2",
    "-fno-tree-pre",
)

FAST_FRONT_END = ("candidates", "cut", "cycles", "shape")


@dataclass(frozen=True)
class Options:
    """Which options a file of the library is compiled with.

    Attributes:
        every: every file: what the firmware does not call, its linker can leave out.
        size: files that are neither of the following, for flash.
        kernels: `lib/kernels/`, which are the inference's time, for instructions first and flash second.
        front_end: the files `lib/spl_<name>.c` that run at every sample, or over all points of a cycle.
        front_end_files: those names.
        cxx: C++, where TensorFlow Lite Micro runs the model: as its own Makefile has it.
        cxx_defines: and its definitions, which its headers must be compiled with.
    """

    every: tuple[str, ...] = SECTIONS
    size: tuple[str, ...] = ("-Os",)
    kernels: tuple[str, ...] = KERNELS
    front_end: tuple[str, ...] = FRONT_END
    front_end_files: tuple[str, ...] = FAST_FRONT_END
    cxx: tuple[str, ...] = ("-fno-rtti", "-fno-exceptions", "-fno-threadsafe-statics")
    cxx_defines: tuple[str, ...] = ("NDEBUG", "TF_LITE_STATIC_MEMORY", "TF_LITE_STRIP_ERROR_STRINGS")
