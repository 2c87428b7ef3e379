"""Trains the reader of lead labels (ecg/paper/layout/labels.py) on words drawn in the fonts of a folder.

    python tools/train_lead_labels.py FONTS --out ecg/paper/layout/lead_labels.npz

FONTS is searched for .ttf and .otf files; every eighth font is held back to measure with. The words are drawn
with what paper does to them: size, weight, slant, blur, gaps, a trace that runs through. Needs [train].
"""

import argparse
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from splkit.ecg.paper.layout.labels import CLASSES, WIDTH
from splkit.ecg.paper.layout.network import HEIGHT, normalize
from splkit.ecg.paper.render.strokes import GLYPHS, stroke_text

Picture = npt.NDArray[np.float32]
OTHER = CLASSES.index("")
UNUSABLE = (
    "symbol",
    "dingbat",
    "math",
    "d050000l",
    "ocrabold",
    "ocra.",
    "standardsymbols",
    "z003",
    "chorus",
    "texgyrechorus",
    "lightcond",
    "thin",
    "hairline",
)
HERSHEY = (
    cv2.FONT_HERSHEY_SIMPLEX,
    cv2.FONT_HERSHEY_DUPLEX,
    cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_PLAIN,
)
HERSHEY_SHARE, PLOTTER_SHARE = 0.1, 0.15
OTHER_TEXT = (
    "25mm/s", "10mm/mV", "mm/s", "mm/mV", "mV", "ID", "Name:", "Age:", "Sex", "Date", "bpm", "ms", "VI",
    "IV", "V", "aV", "A", "F", "L", "R", "Hz", "PR", "QT", "QRS", "QTc", "kg", "cm", "VR", "VL", "VF",
    "V0", "V10", "V25", "AV", "aVT", "0.05", "150", "1987", "08:5", "Vent", "rate", "No", "Sinus", "MD",
    "HR", "73", "P", "T", "axis", "Mr", "Ld", "Male", "EV", "LV", "RV", "IX", "XII", "AIL",
)  # fmt: skip
SPELLINGS = {
    "aVR": ("aVR", "AVR", "aVr", "aVR"),
    "aVL": ("aVL", "AVL", "aVl"),
    "aVF": ("aVF", "AVF", "aVf"),
    "-aVR": ("-aVR", "\u2013aVR", "-AVR", "\u2212aVR"),
    "V3R": ("V3R", "V3r"),
    "V4R": ("V4R", "V4r"),
}


def usable_fonts(folder: Path) -> list[Path]:
    """Fonts that have letters."""
    found = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".ttf", ".otf"))
    return [p for p in found if not any(word in p.name.lower() for word in UNUSABLE)]


class Artist:
    """Draws examples; seeded."""

    TILT_DEG = 2.0
    """Standard deviation of how far words are askew."""

    def __init__(self, fonts: list[Path], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.fonts = [ImageFont.truetype(str(path), size) for path in fonts for size in (14, 22, 40)]

    def word(self, text: str) -> Picture:
        """Coverage of a word, with a margin."""
        if self.rng.random() < HERSHEY_SHARE:
            return self.plotted(text)
        if self.rng.random() < PLOTTER_SHARE and set(text) <= set(GLYPHS):
            mask, _, _ = stroke_text(text, float(self.rng.uniform(10, 30)))
            return np.pad(mask, mask.shape[0])
        font = self.fonts[self.rng.integers(len(self.fonts))]
        left, top, right, bottom = font.getbbox(text)
        pad = int(font.size)
        image = Image.new("L", (int(right - left) + 2 * pad, int(bottom - top) + 2 * pad))
        ImageDraw.Draw(image).text((pad - left, pad - top), text, fill=255, font=font)
        return np.asarray(image, np.float32) / 255

    def plotted(self, text: str) -> Picture:
        """A word in the strokes of a pen plotter, as OpenCV has them."""
        face, scale = int(self.rng.choice(HERSHEY)), float(self.rng.uniform(0.5, 1.4))
        pen = int(self.rng.integers(1, 4))
        (w, h), below = cv2.getTextSize(text, face, scale, pen)
        canvas = np.zeros((h + below + 2 * h, w + 2 * h), np.uint8)
        cv2.putText(canvas, text, (h, 2 * h), face, scale, 255, pen, cv2.LINE_AA)
        return canvas.astype(np.float32) / 255

    def stroke(self, shape: tuple[int, int]) -> Picture:
        """A piece of trace, separator or pulse."""
        h, w = shape
        canvas = np.zeros(shape, np.uint8)
        n = int(self.rng.integers(2, 9))
        x = np.sort(self.rng.uniform(0, w, n))
        y = (
            self.rng.uniform(0, h, n)
            if self.rng.random() < 0.5
            else h * (0.5 + 0.15 * self.rng.standard_normal(n))
        )
        points = np.stack([x, y], 1).astype(np.int32)
        cv2.polylines(
            canvas, [points], False, 255, int(self.rng.integers(1, max(2, h // 12) + 1)), cv2.LINE_AA
        )
        return canvas.astype(np.float32) / 255

    def spoil(self, ink: Picture) -> Picture:
        """What print, scan and straightening leave of it."""
        rng, (h, w) = self.rng, ink.shape
        if rng.random() < 0.3:
            kernel = np.ones(
                (
                    int(rng.integers(1, 1 + max(1, h // 30) + 1)),
                    int(rng.integers(1, 1 + max(1, h // 30) + 1)),
                ),
                np.uint8,
            )
            ink = (cv2.dilate if rng.random() < 0.6 else cv2.erode)(ink, kernel)
        angle, slant, wide = rng.normal(0, self.TILT_DEG), rng.normal(0, 0.08), rng.uniform(0.8, 1.25)
        c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
        turn = np.array([[c * wide, -s + slant, 0], [s * wide, c, 0]])
        turn[:, 2] = np.array([w * 0.65, h / 2]) - turn[:, :2] @ np.array([w / 2, h / 2])
        ink = cv2.warpAffine(ink, turn, (int(w * 1.3), h))
        size = (
            rng.uniform(0.7, 2.0)
            * 9
            / max(1, np.ptp(np.nonzero(ink.max(1) > 0.4)[0]) + 1 if (ink > 0.4).any() else 9)
        )
        if size * 2 < 1:
            ink = cv2.resize(ink, None, fx=size * 2, fy=size * 2, interpolation=cv2.INTER_AREA)
        if rng.random() < 0.5:
            ink = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.3, 0.9))
        if rng.random() < 0.15:
            ink = ink * (rng.random(ink.shape) > rng.uniform(0, 0.2))
        ink = ink * rng.uniform(0.6, 1.3) + rng.normal(0, rng.uniform(0, 0.06), ink.shape)
        return np.clip(ink, 0, 1).astype(np.float32)

    def cut(self, ink: Picture, overlaid: bool) -> Picture:
        """The crop that the reader sees; a trace through it is not part of what the box was taken from."""
        rows, columns = np.nonzero(ink.max(1) > 0.45)[0], np.nonzero(ink.max(0) > 0.45)[0]
        if len(rows) < 4 or len(columns) < 1:
            return np.zeros((HEIGHT, WIDTH), np.float32)
        top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
        slack = max(1, (bottom - top) // 8)
        jitter = (
            self.rng.integers(-1, slack + 1, 4) if overlaid or self.rng.random() < 0.3 else np.zeros(4, int)
        )
        if overlaid:
            ink = np.maximum(ink, self.stroke(ink.shape))
            if self.rng.random() < 0.4:
                left = self.separator(ink, top, bottom, left)
        top, left = min(max(0, top - jitter[0]), bottom - 2), min(max(0, left - jitter[1]), right - 1)
        return normalize(ink[top : bottom + max(0, jitter[2]), left : right + max(0, jitter[3])], WIDTH)

    def separator(self, ink: Picture, top: int, bottom: int, left: int) -> int:
        """Draws a bar, dashes or dots before a word; the left edge of both."""
        tall = bottom - top
        x = max(0, left - int(self.rng.integers(1, max(2, tall // 2) + 1)))
        wide = max(1, tall // int(self.rng.integers(5, 12)))
        period = int(self.rng.choice([tall * 3, max(4, tall // 2), max(2, tall // 3)]))
        rows = np.arange(len(ink))
        ink[(rows + int(self.rng.integers(period))) % period < 0.55 * period, max(0, x - wide) : x] = 1.0
        return max(0, x - wide)

    def example(self) -> tuple[Picture, int]:
        """A crop and its class."""
        rng = self.rng
        if rng.random() < 0.3:
            kind = rng.random()
            if kind < 0.25:
                ink = np.pad(self.stroke((int(rng.integers(8, 40)), int(rng.integers(8, 60)))), 12)
            elif kind < 0.45:
                lead = CLASSES[rng.integers(1, len(CLASSES))]
                quarter = int(rng.integers(1, 4))
                if lead in ("I", "II", "III") and quarter == 2:
                    quarter = 1
                ink = np.rot90(self.word(lead), quarter).copy()
                if lead == "I":
                    ink = np.pad(self.stroke((20, 30)), 12)
            elif kind < 0.75:
                ink = self.word(str(rng.choice(OTHER_TEXT)))
            else:
                letters = list("ABCDEFGHKMNOPQRSTUVXYZabcdefghkmnopqrstuvxyz023456789:/.,-")
                text = "".join(rng.choice(letters, int(rng.integers(1, 7))))
                ink = self.word(text if text.upper() not in CLASSES else "Xq")
            return self.cut(self.spoil(ink), False), OTHER
        label = int(rng.integers(1, len(CLASSES)))
        spelling = str(rng.choice(SPELLINGS.get(CLASSES[label], (CLASSES[label],))))
        return self.cut(self.spoil(self.word(spelling)), bool(rng.random() < 0.25)), label

    def examples(self, n: int) -> tuple[Picture, npt.NDArray[np.int64]]:
        """n of them."""
        drawn = [self.example() for _ in range(n)]
        return np.stack([ink for ink, _ in drawn]), np.array([label for _, label in drawn])


def main() -> None:
    """Draws, trains, measures on fonts held back, writes the weights."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("fonts", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--examples", type=int, default=60_000)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    import tensorflow as tf

    tf.keras.utils.set_random_seed(1)
    fonts = usable_fonts(arguments.fonts)
    x, labels = Artist([f for i, f in enumerate(fonts) if i % 8], 1).examples(arguments.examples)
    x_held, labels_held = Artist(fonts[::8], 2).examples(4000)
    layers = tf.keras.layers
    net = tf.keras.Sequential(
        [
            layers.Input((HEIGHT, WIDTH, 1)),
            layers.Conv2D(12, 3, padding="same", activation="relu"),
            layers.MaxPool2D(),
            layers.Conv2D(24, 3, padding="same", activation="relu"),
            layers.MaxPool2D(),
            layers.Flatten(),
            layers.Dropout(0.2),
            layers.Dense(64, activation="relu"),
            layers.Dense(len(CLASSES)),
        ]
    )
    rate = tf.keras.optimizers.schedules.CosineDecay(2e-3, arguments.epochs * len(x) // 128)
    net.compile(
        tf.keras.optimizers.Adam(rate),
        tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    net.fit(
        x[..., None],
        labels,
        batch_size=128,
        epochs=arguments.epochs,
        verbose=2,
        validation_data=(x_held[..., None], labels_held),
    )
    guess = net.predict(x_held[..., None], verbose=0).argmax(1)
    for k, name in enumerate(CLASSES):
        of_class = labels_held == k
        print(
            f"{name or 'other'}: {np.mean(guess[of_class] == k):.3f} read,",
            f"{np.mean(labels_held[guess == k] == k):.3f} right",
        )
    weights = [w for layer in net.layers for w in layer.get_weights()]
    names = ("conv1", "bias1", "conv2", "bias2", "dense1", "bias3", "dense2", "bias4")
    np.savez_compressed(
        arguments.out, **{k: w.astype(np.float16) for k, w in zip(names, weights, strict=True)}
    )


if __name__ == "__main__":
    main()
