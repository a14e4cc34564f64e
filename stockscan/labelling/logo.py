"""A company's logo as printers have it: black or nothing, without a rim, in few enough cells."""

from io import BytesIO

from PIL import Image, ImageChops, ImageOps

from stockscan.labelling.pictures import KEPT_FILES, PictureError, PictureMoves, on_paper, opened
from stockscan.labelling.symbols import Matrix

LONGEST_CELLS = 320  # 16 mm at 20 cells a millimetre: finer than any label printer
_WORK_PX = 1600
_DARK = 128
_FAINT = 16  # of 255: below this the whole picture is paper


class LogoEmpty(PictureError):
    """Nothing is to be seen on this picture in black on white. Send one with a dark drawing."""


def logo_matrix(data: bytes) -> Matrix:
    """The drawing in a PNG, JPEG or WebP picture, at most 320 cells wide and high.

    What this made, read again, is the same. Raises `PictureTooLarge`, `PictureMoves`,
    `PictureUnreadable` and `LogoEmpty`, whose messages are for the person who sent it.
    """
    black = opened(data, KEPT_FILES, _black)
    pixels = black.tobytes()
    step = black.width
    rows = (pixels[at : at + step] for at in range(0, len(pixels), step))
    return Matrix(tuple(row.translate(_CELL) for row in rows))


def logo_png(logo: Matrix) -> bytes:
    """The logo as a picture of one black or white pixel a cell."""
    cells = b"".join(row.translate(_PIXEL) for row in logo.rows)
    written = BytesIO()
    Image.frombytes("L", (logo.width, logo.height), cells).convert("1").save(written, "PNG")
    return written.getvalue()


def _black(picture: Image.Image) -> Image.Image:
    """White where there is ink, cut to the drawing."""
    if getattr(picture, "is_animated", False):
        raise PictureMoves
    small = picture.convert("RGBA") if "transparency" in picture.info else picture
    small.thumbnail((_WORK_PX, _WORK_PX), reducing_gap=3.0)
    upright = ImageOps.exif_transpose(small)
    ink = ImageChops.invert(on_paper(upright).convert("L"))
    if not _is_to_be_seen(ink) and "A" in upright.getbands():
        ink = upright.getchannel("A")  # a white drawing on nothing
    if not _is_to_be_seen(ink):
        raise LogoEmpty
    fine = _cut(_inked(ink), ink)
    fine.thumbnail((LONGEST_CELLS, LONGEST_CELLS), Image.Resampling.BOX)
    black = _inked(fine)
    return _cut(black, black)


def _is_to_be_seen(ink: Image.Image) -> bool:
    return _darkest(ink) >= _FAINT


def _inked(ink: Image.Image) -> Image.Image:
    """White from a third of the darkest ink on, so that a yellow beside a black is there too."""
    least = _darkest(ink) // 3
    return ink.point([0] * least + [255] * (256 - least))


def _cut(black: Image.Image, picture: Image.Image) -> Image.Image:
    return picture.crop(black.getbbox())


def _darkest(ink: Image.Image) -> int:
    return max(level for level, count in enumerate(ink.histogram()) if count)


_CELL = bytes(int(value >= _DARK) for value in range(256))
_PIXEL = bytes([255]) + bytes(255)
