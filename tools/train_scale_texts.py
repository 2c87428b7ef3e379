"""Trains the reader of printed scales (ecg/paper/layout/scaletext.py) on texts in the fonts of a folder.

    python tools/train_scale_texts.py FONTS --out first.npz --epochs 9
    python tools/train_scale_texts.py FONTS --out ecg/paper/layout/scale_texts.npz --start first.npz --seed 2

Every eighth font is held back to measure with: what counts is how often another text passes for a scale.
Needs [train].
"""

import argparse
from pathlib import Path

import numpy as np
import numpy.typing as npt
from train_lead_labels import Artist, Picture, usable_fonts

from splkit.ecg.paper.layout.network import HEIGHT, normalize
from splkit.ecg.paper.layout.scaletext import CLASSES, SURE, WIDTH

UNITS = {
    "mm/s": ("mm/s", "mm/s", "mm/s", "mm/sec", "MM/S", "mm/SEC"),
    "mm/mV": ("mm/mV", "mm/mV", "mm/mV", "mm/mv", "MM/MV"),
}
KNOWN = {"mm/s": ("12.5", "25", "50", "100"), "mm/mV": ("2.5", "5", "10", "20")}
OTHERS = {
    "mm/s": "5 6.25 10 15 20 24 26 28 29 30 35 40 45 52 55 56 58 60 75 80 85 90 120 125 150 160 200 250 500 "
    "1 2 .5 0",
    "mm/mV": "0 0.5 1 1.25 2 3 4 6 7 8 9 11 12 13 14 15 16 18 19 24 25 26 28 30 40 50 60 70 80 100 .5 0.1",
}
TEXTS = (
    "0.05-150 Hz", "0.15-100 Hz", "0.5 - 40 Hz", "50 Hz", "35 Hz", "25 Hz", "Vent. rate", "PR interval",
    "QRS duration", "QT/QTc", "BPM", "Sinus rhythm", "12SL v241", "25.03.2011", "10:20:50", "Date:", "ID:",
    "Name:", "Limb:", "Chest:", "Speed:", "Gain:", "F 50~", "ADS", "mm/mV", "mm/s", "51 yr Male", "aVR",
    "100 ms", "25 ms", "10 mV", "25 mmHg", "10 mm", "25 mm", "5 mm", "20 mmol/l", "AUTO", "1 mV", "min/s",
    "25 m/s", "10 m/V", "50 cm/s", "110 kg", "250 ms", "20 years", "50 bpm",
)  # fmt: skip


WORDS = (
    "Hz", "Hz", "Hz", "ms", "bpm", "BPM", "ADS", "yr", "mV", "mm", "mmHg", "kg", "cm", "min", "F", "W", "AC",
    "EMG", "LP", "HP", "Filter", "Notch", "Male", "V", "s", "sec", "m/s", "m/V", "min/s", "Muscle", "Base",
)  # fmt: skip
"""What may follow the number of a scale and make it another."""


class Scribe(Artist):
    """Draws printed scales and what may pass for one."""

    TILT_DEG = 0.4

    def scale(self, number: str, unit: str) -> str:
        """As one machine or another prints it."""
        rng = self.rng
        if "." not in number and rng.random() < 0.08:
            number += ".0"
        return number + ("" if rng.random() < 0.4 else " ") + str(rng.choice(UNITS[unit]))

    def cut(self, ink: Picture, overlaid: bool) -> Picture:
        """The crop that the reader sees."""
        rows, columns = (np.nonzero(ink.max(axis) > 0.3)[0] for axis in (1, 0))
        if len(rows) < 4 or len(columns) < 1:
            return np.zeros((HEIGHT, WIDTH), np.float32)
        slack = 1 if overlaid else 0
        top, bottom = max(0, rows[0] - slack), rows[-1] + 1 + slack
        return normalize(ink[top:bottom, max(0, columns[0] - slack) : columns[-1] + 1 + slack], WIDTH)

    def example(self) -> tuple[Picture, int]:
        """A crop and its class."""
        rng = self.rng
        label = 0
        unit = str(rng.choice(list(UNITS)))
        kind = rng.random()
        if kind < 0.5:
            number = str(rng.choice(KNOWN[unit]))
            label = CLASSES.index(f"{number} {unit}")
            text = self.scale(number, unit)
        elif kind < 0.66:
            number = str(rng.choice(KNOWN[unit]))
            text = " ".join([number, *rng.choice(WORDS, int(rng.integers(1, 3)))])
        elif kind < 0.83:
            text = self.scale(str(rng.choice(OTHERS[unit].split())), unit)
        elif kind < 0.89:  # a neighbour's letters, or a part cut off
            text = self.scale(str(rng.choice(KNOWN[unit])), unit)
            spoiled = (
                text + " F",
                text + " 50",
                ": " + text,
                text[: text.index("/") + 1],
                "F " + text,
                "n" + text,
            )
            text = str(rng.choice(spoiled))
        elif kind < 0.95:
            text = str(rng.choice(TEXTS))
        else:
            letters = list("ABCDEFGHKMNOPQRSTUVXYZabcdefghkmnopqrstuvxyz0123456789:/.,- ")
            text = "".join(rng.choice(letters, int(rng.integers(4, 10)))).strip() or "x"
        return self.cut(self.spoil(self.word(text)), bool(rng.random() < 0.3)), label


def _shares(log_p: npt.NDArray[np.float64], labels: npt.NDArray[np.int64]) -> None:
    sure, guess = log_p.max(1) > SURE, log_p.argmax(1)
    for k, name in enumerate(CLASSES):
        of_class = labels == k
        print(f"{name or 'other'}: {np.mean((guess == k)[of_class] & sure[of_class]):.4f} read surely")
    wrong = sure & (guess > 0) & (guess != labels)
    print(f"{wrong.sum()} of {len(labels)} read surely as a scale that they are not")


def main() -> None:
    """Draws, trains, measures on fonts held back, writes the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("fonts", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=40_000)
    parser.add_argument("--epochs", type=int, default=7)
    parser.add_argument("--start", type=Path, help="weights to go on from, with other examples: --seed")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    import tensorflow as tf

    tf.keras.utils.set_random_seed(1)
    fonts = usable_fonts(arguments.fonts)
    x, labels = Scribe([f for i, f in enumerate(fonts) if i % 8], arguments.seed).examples(arguments.examples)
    x_held, labels_held = Scribe(fonts[::8], 1000).examples(4000)
    layers = tf.keras.layers
    net = tf.keras.Sequential(
        [
            layers.Input((HEIGHT, WIDTH, 1)),
            *(
                layer
                for channels in (12, 24, 32)
                for layer in (
                    layers.Conv2D(channels, 3, padding="same", activation="relu"),
                    layers.MaxPool2D(),
                )
            ),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(64, activation="relu"),
            layers.Dense(len(CLASSES)),
        ]
    )
    names = ("conv1", "bias1", "conv2", "bias2", "conv3", "bias3", "dense1", "bias4", "dense2", "bias5")
    if arguments.start:
        with np.load(arguments.start) as stored:
            net.set_weights([stored[name].astype(np.float32) for name in names])
    rate = tf.keras.optimizers.schedules.CosineDecay(2e-3, arguments.epochs * len(x) // 128)
    loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    net.compile(tf.keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    held = (x_held[..., None], labels_held)
    net.fit(x[..., None], labels, batch_size=128, epochs=arguments.epochs, verbose=2, validation_data=held)
    logits = net.predict(x_held[..., None], verbose=0).astype(np.float64)
    _shares(logits - np.log(np.exp(logits).sum(1, keepdims=True)), labels_held)
    weights = [w for layer in net.layers for w in layer.get_weights()]
    np.savez_compressed(
        arguments.out, **{k: w.astype(np.float16) for k, w in zip(names, weights, strict=True)}
    )


if __name__ == "__main__":
    main()
