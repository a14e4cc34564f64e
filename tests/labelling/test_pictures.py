"""Copies of photos: upright, small, nothing but their pixels; and pictures that are refused."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from stockscan.labelling.pictures import (
    PHOTO_PX,
    THUMBNAIL_PX,
    PictureMoves,
    PictureTooLarge,
    PictureUnreadable,
    copies,
)


def written(picture: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    """The picture as a file."""
    file = BytesIO()
    picture.save(file, form, **options)
    return file.getvalue()


def shown(data: bytes) -> Image.Image:
    """A file as a picture."""
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def from_a_phone() -> bytes:
    """A photo held upright: stored lying, with the way up and the place beside it."""
    picture = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(picture).rectangle((0, 0, 399, 80), fill="red")  # the right edge, once upright
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it a quarter to the right
    exif[0x010F] = "Maker of the phone"
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 12.0)  # where it was taken
    return written(picture, exif=exif)


def with_size(width: int, height: int) -> bytes:
    """A PNG file that says it is this large, and holds nothing."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk
        + struct.pack(">I", zlib.crc32(chunk)) + struct.pack(">I", 0) + b"IDAT"
        + struct.pack(">I", zlib.crc32(b"IDAT"))
    )  # fmt: skip


def test_a_photo_is_kept_upright_and_tells_nothing_but_its_pixels() -> None:
    made = copies(from_a_phone())
    photo = shown(made.photo)
    assert photo.size == (300, 400)
    assert not photo.getexif()
    assert b"Maker of the phone" not in made.photo
    assert set(photo.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive",
                               "progression"}  # fmt: skip
    red, green, _ = photo.getpixel((290, 200))  # type: ignore[misc]
    assert red > 200
    assert green < 60


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_large_photos_become_small_ones(form: str) -> None:
    made = copies(written(Image.effect_noise((3000, 2000), 30).convert("RGB"), form))
    assert shown(made.photo).size == (PHOTO_PX, 1067)
    assert shown(made.thumbnail).size == (THUMBNAIL_PX, 213)
    assert shown(made.photo).format == "JPEG"


def test_a_small_photo_keeps_its_size() -> None:
    made = copies(written(Image.new("L", (40, 30), 128)))
    assert shown(made.photo).size == shown(made.thumbnail).size == (40, 30)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_becomes_paper(mode: str) -> None:
    clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0)).convert(mode)
    options = {"transparency": 0} if mode == "P" else {}
    photo = shown(copies(written(clear, "PNG", **options)).photo)
    assert min(photo.getpixel((10, 10))) > 250  # type: ignore[type-var, arg-type]


def test_sixteen_bits_and_inks_are_shown_too() -> None:
    assert copies(written(Image.new("CMYK", (20, 20)))).photo
    assert copies(written(Image.new("I;16", (20, 20)), "PNG")).photo


def test_a_broken_profile_costs_no_photo() -> None:
    assert copies(written(Image.new("RGB", (20, 20)), icc_profile=b"no profile")).photo


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_moving_pictures_are_refused(form: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    with pytest.raises(PictureMoves, match="Send a still one"):
        copies(written(frames[0], form, save_all=True, append_images=frames[1:]))


def test_of_a_photo_with_more_views_behind_it_the_first_is_kept() -> None:
    views = [Image.new("RGB", (20, 20), colour) for colour in ("white", "black")]
    photo = shown(copies(written(views[0], "MPO", save_all=True, append_images=views[1:])).photo)
    assert photo.getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 5_001), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge, match="at most 50 megapixels"):
        copies(with_size(*size))


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xd8\xff", from_a_phone()[:-900], with_size(20, 20), b"GIF89a" + bytes(20)],
    ids=["empty", "only a start", "cut off", "no pixels", "another kind"],
)
def test_broken_pictures_are_refused(data: bytes) -> None:
    with pytest.raises(PictureUnreadable, match="Send it as JPEG or PNG"):
        copies(data)
