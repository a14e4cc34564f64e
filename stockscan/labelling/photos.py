"""Reads the codes in a photo: bytes of a picture in, texts out, however the photo was taken.

A photo is a stranger's file: its size is checked before a pixel of it is decoded.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import zxingcpp
from PIL import Image, ImageFilter, ImageOps
from zxingcpp import Barcode, BarcodeFormat, BarcodeFormats, Binarizer, ContentType, TextMode

from stockscan.labelling.errors import LabellingError
from stockscan.labelling.pictures import PictureTooLarge, PictureUnreadable, on_paper, opened

LARGEST_BYTES = 12_000_000

_FILES = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_SYMBOLS = (BarcodeFormat.QRCode, BarcodeFormat.DataMatrix)
# The check digits of these are weak or missing: none of them is believed after image work.
_WEAK = (BarcodeFormat.EAN13, BarcodeFormat.EAN8, BarcodeFormat.UPCA, BarcodeFormat.Code39)
_CODE128 = BarcodeFormats((BarcodeFormat.Code128,))
_STRONG = BarcodeFormats((*_SYMBOLS, BarcodeFormat.Code128))
_BARS = BarcodeFormats((*_WEAK, BarcodeFormat.Code128))
_ALL = BarcodeFormats((*_SYMBOLS, *_WEAK, BarcodeFormat.Code128))
# One identifier a format, whatever options the code says it was made with.
_GS1_PREFIX = {
    BarcodeFormat.Code128: "]C1",
    BarcodeFormat.DataMatrix: "]d2",
    BarcodeFormat.QRCode: "]Q3",
}
_LARGE_PX, _SMALL_PX = 2400, 1000  # the longer side: fine codes, and what is blurred or noisy
_BAR_TILTS_DEG = (22, 45, 67)  # bars are read up to about 12 degrees off level or upright
_SQUASH = 8  # rows made one: bars keep their edges, noise goes


class PhotoTooLarge(LabellingError):
    """Too many bytes or pixels to be decoded here."""

    def __init__(self) -> None:
        super().__init__("This photo is too large. Send one of at most 12 MB and 50 megapixels.")


class PhotoUnreadable(LabellingError):
    """A file of another kind, or a broken one."""

    def __init__(self) -> None:
        super().__init__("This file is no photo that can be read here. Send a JPEG or PNG picture.")


@dataclass(frozen=True, slots=True)
class Seen:
    """A code in a photo. The text of a GS1 code starts with its AIM identifier, such as ]d2."""

    text: str
    format: str


def read_photo(data: bytes) -> list[Seen]:
    """Every code that the first successful look at a photo finds, none twice; or an empty list.

    Takes JPEG, PNG, WebP, GIF, BMP and TIFF. Raises PhotoTooLarge and PhotoUnreadable.
    """
    photo = _open(data)
    for picture, formats, binarizer in _looks(photo):
        if seen := _read(picture, formats, binarizer):
            return seen
    return []


def _open(data: bytes) -> Image.Image:
    if len(data) > LARGEST_BYTES:
        raise PhotoTooLarge
    try:
        return opened(data, _FILES, _decoded)
    except PictureTooLarge as error:
        raise PhotoTooLarge from error
    except PictureUnreadable as error:
        raise PhotoUnreadable from error


def _decoded(photo: Image.Image) -> Image.Image:
    photo.draft("L", (_LARGE_PX, _LARGE_PX))  # a JPEG can be decoded smaller, which is quicker
    return on_paper(ImageOps.exif_transpose(photo)).convert("L")


_Look = tuple[Image.Image, BarcodeFormats, Binarizer]


def _looks(photo: Image.Image) -> Iterator[_Look]:
    """From the quick look that reads most photos to those that only a bad one needs."""
    plain, dark = Binarizer.LocalAverage, Binarizer.GlobalHistogram
    large, small = _fitted(photo, _LARGE_PX), _fitted(photo, _SMALL_PX)
    yield large, _ALL, plain
    if small is not large:
        yield small, _ALL, plain
    yield from ((_turned(small, tilt), _BARS, plain) for tilt in _BAR_TILTS_DEG)
    grown = small.resize((small.width * 2, small.height * 2), Image.Resampling.BICUBIC)
    yield grown, _STRONG, plain
    yield grown, _STRONG, dark
    yield grown.filter(ImageFilter.UnsharpMask(2, 200, 0)), _STRONG, plain
    yield small.filter(ImageFilter.BoxBlur(1)), _STRONG, plain
    yield ImageOps.autocontrast(small, cutoff=1), _STRONG, plain
    yield small.point(_darker), _STRONG, plain
    yield grown.rotate(180).point(_darker), _STRONG, dark
    for tilt in range(0, 180, 15):
        yield _squashed(_turned(small, tilt)), _CODE128, plain


def _read(picture: Image.Image, formats: BarcodeFormats, binarizer: Binarizer) -> list[Seen]:
    found = zxingcpp.read_barcodes(
        picture, formats=formats, binarizer=binarizer, text_mode=TextMode.Plain
    )
    seen = (Seen(_text(barcode), barcode.format.name) for barcode in found)
    return list(dict.fromkeys(one for one in seen if one.text))


def _text(barcode: Barcode) -> str:
    if barcode.content_type != ContentType.GS1:
        return barcode.text
    return _GS1_PREFIX.get(barcode.format, barcode.symbology_identifier) + barcode.text


def _fitted(photo: Image.Image, side_px: int) -> Image.Image:
    """The photo with a longer side of at most so many pixels."""
    scale = side_px / max(photo.size)
    if scale >= 1:
        return photo
    size = (max(1, round(photo.width * scale)), max(1, round(photo.height * scale)))
    return photo.resize(size, Image.Resampling.BOX if scale < 0.5 else Image.Resampling.BICUBIC)


def _turned(picture: Image.Image, tilt_deg: int) -> Image.Image:
    return picture.rotate(tilt_deg, Image.Resampling.BILINEAR, expand=True, fillcolor=255)


def _squashed(picture: Image.Image) -> Image.Image:
    size = (picture.width * 2, max(1, picture.height // _SQUASH))
    return picture.resize(size, Image.Resampling.BOX)


def _darker(value: int) -> int:
    """Shadows and folds on white paper go, ink stays."""
    return value * value // 255
