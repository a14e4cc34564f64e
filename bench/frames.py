"""Camera frames of 1280x720 with one code each, drawn by the size, the light and the hand.

Equal seeds give equal frames. `small` and `low light` are at the edge of what any decoder reads:
they are there to show differences, not to be passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import zxingcpp
from PIL import Image, ImageFilter

from stockscan.domain.codes import label_address, make_code
from tests.browser.camera import (
    HEIGHT_PX,
    WIDTH_PX,
    Point,
    draw_shelf,
    jpeg,
    noise_fields,
    place_label,
)

Symbology = Literal["QRCode", "Code128", "DataMatrix"]
SYMBOLOGIES: tuple[Symbology, ...] = ("QRCode", "Code128", "DataMatrix")
FRAMES_EACH = 20
EMPTY_FRAMES = 40
DRAWN_PX = 8  # a module as drawn, before the frame is made of it


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of frame draws from: (least, most), evenly; noise and light in grey levels."""

    module_px: tuple[float, float]  # of a QR's or Data Matrix's; a bar gets three quarters
    tilt_deg: tuple[float, float] = (-10, 10)
    lean: float = 0.06  # share by which one edge is shorter, at most
    blur_modules: float = 0.15
    ground: float = 235  # how bright the paper is
    ink: float = 25
    noise: float = 4
    glare: bool = False


KINDS = {
    "easy": Kind((5, 7)),
    "normal": Kind((3, 5), lean=0.12, blur_modules=0.25, noise=5),
    "glare": Kind((3.5, 5), lean=0.1, blur_modules=0.2, glare=True),
    "hard": Kind((2, 2.7), lean=0.2, blur_modules=0.3, ground=190, ink=60, noise=7),
    "low light": Kind((3, 4.5), blur_modules=0.25, ground=62, ink=26, noise=7),
    "small": Kind((1.3, 1.9), blur_modules=0.2, noise=3),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """One JPEG picture and what it says; an empty one says nothing."""

    kind: str
    symbology: str
    text: str
    picture: bytes


def frames(*, seed: int) -> Iterator[Frame]:
    """Of each kind and symbology `FRAMES_EACH`; Code 128 at every tilt; then empty ones."""
    random = np.random.default_rng(seed)
    shelf, noise = draw_shelf(random), noise_fields(random)
    for kind, how in KINDS.items():
        for symbology in SYMBOLOGIES:
            for _ in range(FRAMES_EACH):
                yield _frame(kind, how, symbology, shelf, noise, random)
    for tilt_deg in range(0, 91, 3):
        for name, module_px in (("tilted", 3.6), ("tilted, small", 2.6)):
            how = Kind((module_px, module_px), tilt_deg=(tilt_deg, tilt_deg), blur_modules=0.2)
            yield _frame(name, how, "Code128", shelf, noise, random)
    for number in range(EMPTY_FRAMES):
        dark = KINDS["low light" if number % 2 else "normal"]
        yield Frame("empty", "", "", _seen(shelf, dark, 1, noise, random))


def _frame(
    kind: str, how: Kind, symbology: Symbology, shelf: Image.Image, noise: np.ndarray,
    random: np.random.Generator,
) -> Frame:  # fmt: skip
    code = make_code(lambda symbols: symbols[random.integers(len(symbols))])
    text = code if symbology == "Code128" else label_address("https://stock.example", code)
    bars = symbology == "Code128"
    module_px = float(random.uniform(*how.module_px)) * (0.75 if bars else 1)
    label = _label(symbology, text)
    frame = shelf.copy()
    place_label(frame, label, _corners(label, how, module_px, random, turned=not bars))
    if how.glare:
        _shine(frame, random)
    return Frame(kind, symbology, text, _seen(frame, how, module_px, noise, random))


def _label(symbology: Symbology, text: str) -> Image.Image:
    """The code on paper with its quiet zone; bars are as high as a third of their width."""
    symbol = zxingcpp.create_barcode(text, zxingcpp.barcode_format_from_str(symbology))
    cells = np.asarray(symbol.to_image(scale=1, add_quiet_zones=False))
    if symbology == "Code128":
        cells = np.repeat(cells[:1], cells.shape[1] // 3, axis=0)
    quiet = 10 if symbology == "Code128" else 4
    paper = np.pad(cells, quiet, constant_values=255).repeat(DRAWN_PX, 0).repeat(DRAWN_PX, 1)
    return Image.fromarray(paper)


def _corners(
    label: Image.Image, how: Kind, module_px: float, random: np.random.Generator, *, turned: bool
) -> list[Point]:
    """Where the corners lie; what is not made of bars may stand on any of its sides."""
    half_w, half_h = (side * module_px / DRAWN_PX / 2 for side in label.size)
    turn = np.radians(random.uniform(*how.tilt_deg) + 90 * turned * random.integers(4))
    lean = random.uniform(-how.lean, how.lean)
    reach = float(np.hypot(half_w, half_h))
    shift_x, shift_y = max(0, WIDTH_PX / 2 - reach), max(0, HEIGHT_PX / 2 - reach)
    x0 = WIDTH_PX / 2 + random.uniform(-0.6, 0.6) * shift_x
    y0 = HEIGHT_PX / 2 + random.uniform(-0.6, 0.6) * shift_y
    points = []
    for side_x, side_y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = side_x * half_w * (1 + lean * side_y), side_y * half_h
        across, down = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
        points.append((float(x0 + across), float(y0 + down)))
    return points


def _shine(frame: Image.Image, random: np.random.Generator) -> None:
    """A soft bright spot somewhere in the middle third, as foil and lamps make it."""
    x, y = (random.uniform(0.42, 0.58) * side for side in frame.size)
    columns, rows = np.meshgrid(np.arange(frame.width), np.arange(frame.height))
    spot = np.exp(-(((columns - x) / 150) ** 2 + ((rows - y) / 60) ** 2))
    lit = np.asarray(frame, dtype=np.float32) + 150 * spot
    frame.paste(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)))


def _seen(
    frame: Image.Image, how: Kind, module_px: float, noise: np.ndarray,
    random: np.random.Generator,
) -> bytes:  # fmt: skip
    blurred = frame.filter(ImageFilter.GaussianBlur(how.blur_modules * module_px))
    grey = np.asarray(blurred, dtype=np.float32) / 255 * (how.ground - how.ink) + how.ink
    grey += noise[random.integers(len(noise))] * how.noise
    return jpeg(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)))
