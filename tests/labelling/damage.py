"""A label as a phone's camera sees it: tilted, turned, a little out of focus, on a grey bench."""

import math

from PIL import Image, ImageFilter

PX_PER_MM = 6
FINER = 3  # drawn larger than seen, so that the camera and not the printer sets the limit
_TILT = math.radians(8)
_TURN_DEGREES = 7
_BLUR_PX = 0.8
_CAMERA_MM = 150
_BENCH = 128


def seen_by_camera(label: Image.Image) -> Image.Image:
    """The picture of a label, drawn with FINER * PX_PER_MM, at PX_PER_MM as a camera sees it."""
    turned = label.rotate(_TURN_DEGREES, Image.Resampling.BICUBIC, expand=True, fillcolor=_BENCH)
    tilted = turned.transform(
        turned.size,
        Image.Transform.PERSPECTIVE,
        _tilt(*turned.size),
        Image.Resampling.BICUBIC,
        fillcolor=_BENCH,
    )
    return tilted.reduce(FINER).filter(ImageFilter.GaussianBlur(_BLUR_PX))


def _tilt(width_px: int, height_px: int) -> tuple[float, ...]:
    """Where each pixel comes from, for paper that leans back at its right, about its centre."""
    x, y = width_px / 2, height_px / 2
    nearer = math.tan(_TILT) / (_CAMERA_MM * PX_PER_MM * FINER)
    wider = 1 / math.cos(_TILT)
    scale = 1 + x * nearer
    return (
        (wider - x * nearer) / scale,
        0,
        (x * scale - x * wider) / scale,
        -y * nearer / scale,
        1 / scale,
        (y * scale - y) / scale,
        -nearer / scale,
        0,
    )
