"""A tree with the names of TensorFlow Lite Micro's, whose interpreter adds up its input: to test exports.

It has as much of the API as generated C++ calls. $SPLKIT_TFLM_DIR names the real one.
"""

import subprocess
from pathlib import Path

from splkit.firmware.tflm_library import LIBRARY

INTERPRETER = """#pragma once
#include <stddef.h>
#include <stdint.h>
typedef enum { kTfLiteOk = 0, kTfLiteError = 1 } TfLiteStatus;
struct TfLiteTensor { union { int8_t *int8; } data; };
namespace tflite {
struct Model;
const Model *GetModel(const void *buffer);
struct MicroOpResolver { int registered = 0; };
class MicroInterpreter {
 public:
  MicroInterpreter(const Model *model, const MicroOpResolver &resolver, uint8_t *arena, size_t size);
  TfLiteStatus AllocateTensors();
  TfLiteStatus Invoke();
  TfLiteTensor *input(size_t);
  TfLiteTensor *output(size_t);
 private:
  const uint8_t *model_; int registered_; size_t size_; TfLiteTensor input_, output_;
};
}
"""
RESOLVER = """#pragma once
#include "tensorflow/lite/micro/micro_interpreter.h"
struct TFLMRegistration { bool int8_only; };
namespace tflite {
inline TFLMRegistration any() { return {false}; }
template <unsigned int count> class MicroMutableOpResolver : public MicroOpResolver {
  TfLiteStatus add(const TFLMRegistration &) { return registered++ < (int)count ? kTfLiteOk : kTfLiteError; }
 public:
  TfLiteStatus AddReshape() { return add(any()); }
  TfLiteStatus AddStridedSlice() { return add(any()); }
  TfLiteStatus AddConv2D(const TFLMRegistration &r) { return add(r); }
  TfLiteStatus AddDepthwiseConv2D(const TFLMRegistration &r) { return add(r); }
  TfLiteStatus AddFullyConnected(const TFLMRegistration &r) { return add(r); }
  TfLiteStatus AddMaxPool2D(const TFLMRegistration &r) { return add(r); }
  TfLiteStatus AddUnidirectionalSequenceLSTM(const TFLMRegistration &r) { return add(r); }
};
}
"""
KERNEL = '#pragma once\n#include "tensorflow/lite/micro/micro_mutable_op_resolver.h"\n'
KERNELS = {
    "conv.h": ["CONV_2D"],
    "depthwise_conv.h": ["DEPTHWISE_CONV_2D"],
    "fully_connected.h": ["FULLY_CONNECTED"],
    "pooling.h": ["MAX_POOL_2D"],
    "unidirectional_sequence_lstm.h": ["UNIDIRECTIONAL_SEQUENCE_LSTM"],
}
LIBRARY_SOURCE = """#include "tensorflow/lite/micro/micro_interpreter.h"
namespace tflite {
const Model *GetModel(const void *buffer) { return (const Model *)buffer; }
MicroInterpreter::MicroInterpreter(const Model *m, const MicroOpResolver &r, uint8_t *arena, size_t size)
    : model_((const uint8_t *)m), registered_(r.registered), size_(size) {
  input_.data.int8 = (int8_t *)arena;
  output_.data.int8 = (int8_t *)arena + 270;
}
TfLiteStatus MicroInterpreter::AllocateTensors() {
  bool fits = size_ >= 4096 && registered_ == 7 && model_[4] == 'T' && ((uintptr_t)model_ & 15) == 0;
  return fits ? kTfLiteOk : kTfLiteError;
}
TfLiteStatus MicroInterpreter::Invoke() {
  int sum = 0;
  for (int i = 0; i < 270; i++) sum += input_.data.int8[i];
  output_.data.int8[0] = (int8_t)sum;
  return kTfLiteOk;
}
TfLiteTensor *MicroInterpreter::input(size_t) { return &input_; }
TfLiteTensor *MicroInterpreter::output(size_t) { return &output_; }
}
"""
CORE = ("-mcpu=cortex-m4", "-mthumb", "-mfloat-abi=hard", "-mfpu=fpv4-sp-d16")


def make_tree(folder: Path, *, target: str = "cortex_m_generic_cortex-m4+fp_release_gcc") -> Path:
    """The tree under `folder`, with a library for a Cortex-M4F."""
    micro = folder / "tensorflow" / "lite" / "micro"
    (micro / "kernels").mkdir(parents=True)
    (micro / "micro_interpreter.h").write_text(INTERPRETER)
    (micro / "micro_mutable_op_resolver.h").write_text(RESOLVER)
    for header, kinds in KERNELS.items():
        functions = [
            f"inline TFLMRegistration Register_{kind}_INT8() {{ return {{true}}; }}" for kind in kinds
        ]
        (micro / "kernels" / header).write_text(
            KERNEL + "namespace tflite {\n" + "\n".join(functions) + "\n}\n"
        )
    for name in ("flatbuffers/include", "gemmlowp", "ruy"):
        (micro / "tools" / "make" / "downloads" / name).mkdir(parents=True)
    source = folder / "library.cc"
    source.write_text(LIBRARY_SOURCE)
    library = folder / "gen" / target / "lib" / LIBRARY
    library.parent.mkdir(parents=True)
    compile_ = ["arm-none-eabi-g++", *CORE, "-Os", "-fno-exceptions", "-fno-rtti", f"-I{folder}", "-c"]
    subprocess.run([*compile_, str(source), "-o", str(folder / "library.o")], check=True)
    subprocess.run(["arm-none-eabi-ar", "rcs", str(library), str(folder / "library.o")], check=True)
    return folder
