"""Photos of codes: what is read however it was taken, and what is refused before it costs."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image, ImageDraw, ImageFilter

from stockscan.labelling.photos import (
    LARGEST_BYTES,
    PhotoTooLarge,
    PhotoUnreadable,
    Seen,
    read_photo,
)

CODE = "7K3QX9A"
ADDRESS = f"https://STOCK.EXAMPLE.COM/S/{CODE}"
GS = "\x1d"
ORIENTATION = 0x0112


def drawn(text: str, symbology: str, module_px: int = 4) -> Image.Image:
    """A code on white paper with room around it."""
    kind = zxingcpp.barcode_format_from_str(symbology)
    symbol = zxingcpp.create_barcode(text, kind).to_image(scale=module_px)
    code = Image.fromarray(symbol)
    paper = Image.new("L", (code.width + 400, code.height + 400), 245)
    paper.paste(code, (200, 200))
    return paper


def sent(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
def test_reads_every_kind_of_file(kind: str) -> None:
    assert read_photo(sent(drawn(ADDRESS, "QRCode"), kind)) == [Seen(ADDRESS, "QRCode")]


@pytest.mark.parametrize("symbology", ["Code128", "DataMatrix", "Code39"])
def test_reads_other_symbologies(symbology: str) -> None:
    assert read_photo(sent(drawn(CODE, symbology))) == [Seen(CODE, symbology)]


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_reads_every_kind_of_pixel(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    assert read_photo(sent(drawn(ADDRESS, "QRCode").convert(mode), kind))[0].text == ADDRESS


def test_a_transparent_ground_is_paper() -> None:
    ink = drawn(ADDRESS, "QRCode").point(lambda value: 255 - value)
    picture = Image.new("RGBA", ink.size, (0, 0, 0, 0))
    picture.putalpha(ink)
    assert read_photo(sent(picture, "PNG"))[0].text == ADDRESS


@pytest.mark.parametrize("tilt_deg", range(0, 181, 15))
def test_reads_bars_at_any_tilt(tilt_deg: int) -> None:
    turned = drawn(CODE, "Code128").rotate(tilt_deg, expand=True, fillcolor=245)
    assert read_photo(sent(turned)) == [Seen(CODE, "Code128")]


def test_turns_the_photo_as_the_phone_says() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert read_photo(sent(drawn(CODE, "Code128").rotate(70, expand=True), exif=exif))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda photo: photo.filter(ImageFilter.GaussianBlur(2)), id="blurred"),
        pytest.param(lambda photo: photo.point(lambda value: 20 + value // 16), id="dark"),
        pytest.param(lambda photo: photo.reduce(2), id="small"),
        pytest.param(
            lambda photo: Image.blend(photo, Image.effect_noise(photo.size, 90), 0.45), id="noisy"
        ),
    ],
)
@pytest.mark.parametrize(("text", "symbology"), [(ADDRESS, "QRCode"), (CODE, "Code128")])
def test_reads_bad_photos(
    spoil: Callable[[Image.Image], Image.Image], text: str, symbology: str
) -> None:
    assert [seen.text for seen in read_photo(sent(spoil(drawn(text, symbology)), "PNG"))] == [text]


@pytest.mark.parametrize("symbology", ["QRCode", "DataMatrix"])
def test_reads_light_codes_on_dark_ground(symbology: str) -> None:
    inverted = drawn(ADDRESS, symbology).point(lambda value: 255 - value)
    assert read_photo(sent(inverted)) == [Seen(ADDRESS, symbology)]


def test_says_that_a_code_is_gs1_and_keeps_its_separators() -> None:
    content = f"0104012345678901{GS}10LOT7{GS}17270131"
    symbol = zxingcpp.create_barcode(
        "(01)04012345678901(10)LOT7(17)270131", zxingcpp.BarcodeFormat.DataMatrix, gs1=True
    )
    picture = Image.fromarray(symbol.to_image(scale=5))
    [seen] = read_photo(sent(picture, "PNG"))
    assert seen.text in (f"]d2{content}", f"]d2{content.replace(GS, '', 1)}")


def test_shows_every_code_once() -> None:
    both = Image.new("L", (900, 1400), 245)
    both.paste(drawn(ADDRESS, "QRCode"), (0, 0))
    both.paste(drawn(CODE, "Code128"), (0, 700))
    assert {seen.text for seen in read_photo(sent(both))} == {ADDRESS, CODE}


def test_finds_nothing_where_nothing_is() -> None:
    paper = Image.new("L", (1200, 900), 230)
    ImageDraw.Draw(paper).ellipse((300, 200, 700, 600), fill=40)
    assert read_photo(sent(paper)) == []
    assert read_photo(sent(Image.new("L", (1, 1)), "PNG")) == []


def test_refuses_too_many_bytes_without_looking_at_them() -> None:
    with pytest.raises(PhotoTooLarge, match="at most 12 MB"):
        read_photo(bytes(LARGEST_BYTES + 1))


@pytest.mark.parametrize("side_px", [7_100, 60_000, 2**31 - 1])
def test_refuses_a_bomb_before_decoding_it(side_px: int) -> None:
    with pytest.raises(PhotoTooLarge):
        read_photo(png_that_claims(side_px))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg"),
        pytest.param(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", id="heic"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="postscript"),
        pytest.param(b"%PDF-1.7\n", id="pdf"),
        pytest.param(sent(drawn(ADDRESS, "QRCode"))[:900], id="truncated jpeg"),
        pytest.param(sent(drawn(ADDRESS, "QRCode"), "PNG")[:300], id="truncated png"),
        pytest.param(b"GIF89a" + bytes(40), id="broken gif"),
    ],
)
def test_refuses_what_is_no_whole_photo_with_a_sentence(data: bytes) -> None:
    with pytest.raises(PhotoUnreadable, match="Send a JPEG or PNG picture"):
        read_photo(data)


def png_that_claims(side_px: int) -> bytes:
    """A few bytes that would unpack to a picture of that side."""

    def chunk(name: bytes, body: bytes) -> bytes:
        sum_ = zlib.crc32(name + body)
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", sum_)

    header = struct.pack(">IIBBBBB", side_px, side_px, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    )
