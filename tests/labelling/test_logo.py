"""A logo in black and white: all of a drawing is there, cut to it; read again it is the same."""

from io import BytesIO

import pytest
from PIL import Image, ImageDraw

from stockscan.labelling.logo import LONGEST_CELLS, LogoEmpty, logo_matrix, logo_png
from stockscan.labelling.pictures import PictureMoves, PictureTooLarge


def file_of(picture: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def drawn(mode: str, ground: object, ink: object) -> Image.Image:
    """A ring and a bar with a wide rim around them."""
    picture = Image.new(mode, (900, 400), ground)  # type: ignore[arg-type]
    pen = ImageDraw.Draw(picture)
    pen.ellipse((100, 50, 399, 349), outline=ink, width=60)  # type: ignore[arg-type]
    pen.rectangle((450, 150, 799, 249), fill=ink)  # type: ignore[arg-type]
    return picture


PICTURES = {
    "black": file_of(drawn("L", 255, 0)),
    "cmyk": file_of(drawn("CMYK", (0, 0, 0, 0), (0, 20, 90, 0)), "JPEG", quality=95),
    "palette": file_of(drawn("RGB", "white", "navy").quantize(8)),
    "pale on nothing": file_of(drawn("RGBA", (0, 0, 0, 0), (230, 200, 40, 255))),
    "webp": file_of(drawn("RGB", "white", "darkgreen"), "WEBP"),
    "white on nothing": file_of(drawn("RGBA", (255, 255, 255, 0), (255, 255, 255, 255))),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_drawing_is_cut_and_black(name: str) -> None:
    logo = logo_matrix(PICTURES[name])
    assert logo.width == LONGEST_CELLS
    assert logo.height == pytest.approx(LONGEST_CELLS * 300 / 700, abs=1)
    middle = logo.rows[logo.height // 2]
    assert (middle[5], middle[logo.height // 2], middle[-5]) == (1, 0, 1)  # ring, hole, bar
    assert logo_matrix(logo_png(logo)) == logo


def test_what_is_no_logo_says_so() -> None:
    with pytest.raises(LogoEmpty):
        logo_matrix(file_of(Image.new("RGB", (50, 50), "white")))
    with pytest.raises(PictureTooLarge):
        logo_matrix(file_of(Image.new("1", (9000, 9000))))
    frames = [drawn("L", 255, 0), drawn("L", 255, 90)]
    with pytest.raises(PictureMoves):
        logo_matrix(file_of(frames[0], "WEBP", save_all=True, append_images=frames[1:]))
