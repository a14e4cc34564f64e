"""Opens pictures that strangers sent, and makes the small, clean copies that are kept of them.

A picture's size is checked before a pixel of it is decoded. A copy holds the pixels alone: upright,
in sRGB, without the place and the camera that the original may tell.
"""

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from typing import TypeVar

from PIL import Image, ImageCms, ImageOps

from stockscan.labelling.errors import LabellingError

LARGEST_PX = 50_000_000
PHOTO_PX, THUMBNAIL_PX = 1600, 320  # the longer sides
KEPT_FILES = ("JPEG", "PNG", "WEBP")

_QUALITY = 82
_MANY_IN_ONE_FILE = "MPO"  # a JPEG with smaller or second views behind it, not a moving picture

T = TypeVar("T")


class PictureError(LabellingError):
    """A picture can't be taken; the docstring of each kind is its message."""

    def __init__(self) -> None:
        super().__init__(type(self).__doc__)


class PictureTooLarge(PictureError):
    """This picture has too many pixels. Send one of at most 50 megapixels."""


class PictureUnreadable(PictureError):
    """This picture is broken, or of a kind that can't be read here. Send it as JPEG or PNG."""


class PictureMoves(PictureError):
    """This picture moves. Send a still one."""


@dataclass(frozen=True, slots=True)
class Copies:
    """What is kept of a photo: two JPEG files."""

    photo: bytes
    thumbnail: bytes


def copies(data: bytes) -> Copies:
    """A copy of at most 1600 px and one of at most 320 px of a JPEG, PNG or WebP picture.

    What is transparent becomes paper. Raises `PictureTooLarge`, `PictureMoves` and
    `PictureUnreadable`, whose messages are for the person who sent it.
    """
    photo = opened(data, KEPT_FILES, _upright)
    return Copies(_jpeg(photo), _jpeg(_fitted(photo, THUMBNAIL_PX)))


def opened(data: bytes, formats: Collection[str], look: Callable[[Image.Image], T]) -> T:
    """What `look` makes of the picture in `data`, a file of one of these `formats` of Pillow's.

    Raises `PictureTooLarge` before it is decoded and `PictureUnreadable` for whatever is wrong.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of broken metadata, and of sizes below our own limit
            return look(_not_too_large(Image.open(BytesIO(data), formats=list(formats))))
    except Image.DecompressionBombError as error:
        raise PictureTooLarge from error
    except LabellingError:
        raise
    except Exception as error:  # Pillow's plug-ins raise whatever a broken file makes them
        raise PictureUnreadable from error


def on_paper(picture: Image.Image) -> Image.Image:
    """The picture with white behind what is transparent."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    coloured = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), coloured)


def _not_too_large(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > LARGEST_PX:
        raise PictureTooLarge
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    if getattr(picture, "is_animated", False) and picture.format != _MANY_IN_ONE_FILE:
        raise PictureMoves
    picture.draft("RGB", (PHOTO_PX, PHOTO_PX))  # a JPEG can be decoded smaller, which is quicker
    turned = ImageOps.exif_transpose(picture)
    return _fitted(_in_srgb(on_paper(turned), turned.info.get("icc_profile")), PHOTO_PX)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in the colours that every screen takes it for."""
    if profile and picture.mode in {"RGB", "CMYK", "L"}:
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            plain = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, plain, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a broken profile costs the exact colours, not the photo
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _fitted(picture: Image.Image, side_px: int) -> Image.Image:
    scale = side_px / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _jpeg(picture: Image.Image) -> bytes:
    clean = Image.frombytes("RGB", picture.size, picture.tobytes())
    written = BytesIO()
    clean.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return written.getvalue()
