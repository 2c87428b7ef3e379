"""A training on two devices, in a process of its own: TensorFlow's devices are set before it begins.

    python two_devices.py FOLDER

Two logical CPUs stand for two GPUs. Trains FOLDER/whole, and FOLDER/cut, which is cut off after an epoch and
gone on with; prints whether training would see GPUs, and how many devices worked in step.
"""

import os
import sys
from pathlib import Path
from unittest.mock import patch

from splkit.train import run
from splkit.train.backend import tensorflow
from splkit.train.config import TrainConfig

CONFIG = TrainConfig(model="cnn_4k", patients=10, records_per_patient=1, record_s=20, epochs=2, least_steps=1)


class StopAfter:
    """An `advance` that cuts a run off after its first epoch."""

    left = 2 * CONFIG.patients - 1

    def __call__(self, steps: int) -> None:
        """Counts patients."""
        self.left -= steps
        if self.left < 0:
            raise KeyboardInterrupt


def main(folder: Path) -> None:
    """Both runs."""
    run.training_strategy()
    print("CUDA_VISIBLE_DEVICES" not in os.environ)
    tf = tensorflow()
    (cpu,) = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
    with patch.object(run, "training_strategy", lambda: strategy):
        run.train_run(CONFIG, folder / "whole")
        try:
            run.train_run(CONFIG, folder / "cut", StopAfter())
        except KeyboardInterrupt:
            run.train_run(CONFIG, folder / "cut", resume=True)
    print(strategy.num_replicas_in_sync)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
