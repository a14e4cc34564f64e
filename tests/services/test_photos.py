"""The one code of a photo: ours before others, and a sentence where there is none."""

from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from stockscan.domain.codes import label_address, make_code
from stockscan.domain.errors import Invalid, NotAllowed
from stockscan.services import photos
from tests.cast import context

MAKERS = "MAKER 0815 B"
OURS = label_address("https://stock.example.com", make_code(lambda symbols: symbols[7]))


def photo_of(*texts: str) -> bytes:
    """A photo of Data Matrix codes one below the other."""
    paper = Image.new("L", (600, 400 * len(texts) + 200), 240)
    for row, text in enumerate(texts):
        symbol = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix)
        paper.paste(Image.fromarray(symbol.to_image(scale=8)), (150, 100 + 400 * row))
    file = BytesIO()
    paper.save(file, "JPEG")
    return file.getvalue()


def test_takes_our_label_before_others() -> None:
    ctx = context()
    assert photos.read(ctx, photo_of(MAKERS, OURS)) == OURS
    assert photos.read(ctx, photo_of(MAKERS)) == MAKERS


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no photo", "photo_unreadable"),
        (bytes(12_000_001), "photo_too_large"),
        (photo_of(), "photo_no_code"),
    ],
    ids=["unreadable", "too large", "no code"],
)
def test_says_why_there_is_none(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        photos.read(context(), data)
    assert (refused.value.code, refused.value.field) == (code, "photo")


def test_checks_permission() -> None:
    with pytest.raises(NotAllowed):
        photos.read(replace(context(), actor=None), photo_of(OURS))
