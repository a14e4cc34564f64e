"""Turns pictures of labels into a video that Chromium takes for its camera.

The file is played from its first frame each time a page opens the camera, at 30 frames a second,
and starts over at its end: end on an empty scene, and read what you need within one round.
Equal arguments give an equal file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import cycle, islice
from math import dist
from pathlib import Path
from typing import Literal

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

WIDTH_PX, HEIGHT_PX = 1280, 720
FRAMES_PER_S = 30
POSES_PER_S = 10  # the hand moves ten times a second; each picture is shown three times
MM_PER_INCH = 25.4

Light = Literal["good", "dim", "blurred", "tilted", "small"]
Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """How a label stands before the camera and how well the camera sees it."""

    long_side_px: float = 400
    tilt_deg: float = 4
    lean: float = 0.05  # share by which the far edge is shorter
    brightness: float = 0.95
    blur_px: float = 0.6
    noise: float = 4  # standard deviation in grey levels


LOOKS: dict[Light, Look] = {
    "good": Look(),
    "dim": Look(brightness=0.28, noise=9, blur_px=0.9),
    "blurred": Look(blur_px=2.0),
    "tilted": Look(tilt_deg=24, lean=0.14),
    "small": Look(long_side_px=210),
}


@dataclass(frozen=True)
class Scene:
    """What the camera sees for a while; without a label, only the shelf."""

    label: Image.Image | None
    seconds: float
    light: Light = "good"


def camera_arguments(video: Path) -> list[str]:
    """What Chromium needs to be started with to have this video as its only camera."""
    return [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={video}",
    ]


def label_from_pdf(
    pdf: bytes, *, page: int = 0, box_mm: tuple[float, float, float, float] | None = None
) -> Image.Image:
    """The part (left, top, width, height in mm from the top left) of a page, printed at 300 dpi."""
    per_mm = 300 / MM_PER_INCH
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page].render(scale=300 / 72).to_pil().convert("L")
    finally:
        document.close()
    if box_mm is None:
        return picture
    left, top, width, height = (side * per_mm for side in box_mm)
    return picture.crop((round(left), round(top), round(left + width), round(top + height)))


def make_video(path: Path, scenes: Sequence[Scene], *, seed: int) -> Path:
    """Write the scenes, one after the other, as a Motion JPEG file; its name must end in .mjpeg."""
    if path.suffix != ".mjpeg":
        raise ValueError("Chromium knows the format of the video by its name: end it in .mjpeg")
    random = np.random.default_rng(seed)
    shelf = draw_shelf(random)
    noise = noise_fields(random)
    with path.open("wb") as video:
        for scene in scenes:
            for picture in scene_pictures(scene, shelf, noise, random):
                video.write(picture * (FRAMES_PER_S // POSES_PER_S))
    return path


def scene_pictures(
    scene: Scene, shelf: Image.Image, noise: np.ndarray, random: np.random.Generator
) -> Iterator[bytes]:
    """One JPEG for each pose of the hand."""
    look = LOOKS[scene.light]
    poses = round(scene.seconds * POSES_PER_S)
    if scene.label is None:
        stills = [seen(shelf, look, noise, random) for _ in range(min(poses, 4))]
        yield from islice(cycle(stills), poses)
        return
    sway = random.uniform(0, 6.28, size=3)
    for pose in range(poses):
        frame = shelf.copy()
        place_label(frame, scene.label, corners(scene.label, look, sway, pose / POSES_PER_S))
        yield seen(frame, look, noise, random)


def seen(frame: Image.Image, look: Look, noise: np.ndarray, random: np.random.Generator) -> bytes:
    """The frame as a camera of that look delivers it."""
    blurred = frame.filter(ImageFilter.GaussianBlur(look.blur_px))
    grey = np.asarray(blurred, dtype=np.float32) * look.brightness
    grey += noise[random.integers(len(noise))] * look.noise
    return jpeg(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)))


def corners(label: Image.Image, look: Look, sway: np.ndarray, moment_s: float) -> list[Point]:
    """Where the label's corners are in the frame: a hand drifts, turns and leans a little."""
    scale = look.long_side_px / max(label.size)
    half_w, half_h = label.width * scale / 2, label.height * scale / 2
    turn = np.radians(look.tilt_deg + 1.5 * np.sin(1.7 * moment_s + sway[0]))
    lean = look.lean + 0.02 * np.sin(1.1 * moment_s + sway[1])
    middle_x = WIDTH_PX / 2 + 14 * np.sin(0.9 * moment_s + sway[2])
    middle_y = HEIGHT_PX / 2 + 10 * np.cos(1.3 * moment_s + sway[0])
    placed = []
    for side_x, side_y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = side_x * half_w * (1 + lean * side_y), side_y * half_h
        placed.append(
            (
                float(middle_x + x * np.cos(turn) - y * np.sin(turn)),
                float(middle_y + x * np.sin(turn) + y * np.cos(turn)),
            )
        )
    return placed


def place_label(frame: Image.Image, label: Image.Image, to: Sequence[Point]) -> None:
    """Paste the label so that its corners (clockwise from the top left) lie on these points."""
    # Shrunk first: the warp samples single pixels and would alias the modules of a large print.
    longest = max(dist(to[0], to[1]), dist(to[0], to[3])) * 1.6
    shrink = min(1.0, longest / max(label.size))
    small = label.convert("L").resize(
        (round(label.width * shrink), round(label.height * shrink)), Image.Resampling.LANCZOS
    )
    size = (WIDTH_PX, HEIGHT_PX)
    how = (Image.Transform.PERSPECTIVE, perspective(to, small.size), Image.Resampling.BICUBIC)
    mask = Image.new("L", small.size, 255).transform(size, *how)
    frame.paste(small.transform(size, *how), mask=mask)


def perspective(frame_points: Sequence[Point], size: tuple[int, int]) -> list[float]:
    """The eight coefficients by which Pillow finds the label's pixel for each frame pixel."""
    label_points = [(0, 0), (size[0], 0), size, (0, size[1])]
    rows, sides = [], []
    for (x, y), (u, v) in zip(frame_points, label_points, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        sides += [u, v]
    return [float(one) for one in np.linalg.solve(np.array(rows), np.array(sides, dtype=float))]


def draw_shelf(random: np.random.Generator) -> Image.Image:
    """A dull metal ground with soft shapes: nothing a decoder may take for a code."""
    coarse = random.normal(0, 22, size=(9, 16)) + np.linspace(118, 64, 9)[:, None]
    patches = Image.fromarray(np.clip(coarse, 0, 255).astype(np.uint8))
    return patches.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BICUBIC)


def noise_fields(random: np.random.Generator) -> np.ndarray:
    """Eight fields of unit noise whose neighbours agree, as a phone's sensor and codec leave it."""
    fields = []
    for _ in range(8):
        coarse = Image.fromarray(random.normal(0, 1, (HEIGHT_PX // 2, WIDTH_PX // 2)).astype("f4"))
        field = np.asarray(coarse.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.BILINEAR))
        fields.append(field / field.std())
    return np.stack(fields)


def jpeg(picture: Image.Image) -> bytes:
    """Chromium's fake camera takes 4:2:0 colour JPEG only."""
    file = BytesIO()
    picture.convert("RGB").save(file, "JPEG", quality=85, subsampling="4:2:0")
    return file.getvalue()
