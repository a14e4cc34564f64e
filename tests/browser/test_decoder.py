"""The decoder in a real browser: what it reads by which look, and what it says of it."""

import base64
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

CODE = "7K3QX9A"
ADDRESS = f"https://STOCK.EXAMPLE.COM/S/{CODE}"
# The quick looks of a camera that just started, then those of one that reads nothing.
READ = """async ([pictures, base]) => {
  const { decode } = await import(`${base}/js/decoder.js`);
  const { frameLook } = await import(`${base}/js/looks.js`);
  const answers = [];
  for (const picture of pictures) {
    const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const all = new DOMRectReadOnly(0, 0, image.width, image.height);
    let text = "";
    for (let number = 0; number < 26 && !text; number++) {
      const look = frameLook(number, number < 8 ? 0 : 2000);
      ({ text = "" } = await decode(image, all, look));
    }
    answers.push(text);
  }
  return answers;
}"""


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    phone = open_phone(site.cast.technician)
    phone.open()
    return phone


def read(phone: Phone, pictures: Sequence[Image.Image]) -> list[str]:
    """The text of each picture, empty where none was read."""
    with phone.site.app.app_context():
        base = phone.site.app.extensions["stockscan.asset"]("").rstrip("/")
    sent = [base64.b64encode(png(picture)).decode() for picture in pictures]
    answers: list[str] = phone.page.evaluate(READ, [sent, base])
    return answers


def png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def drawn(text: str, symbology: str, module_px: int = 4, **options: Any) -> Image.Image:
    """A code in the middle of a frame; bars are as high as a third of their width."""
    kind = zxingcpp.barcode_format_from_str(symbology)
    cells = np.asarray(zxingcpp.create_barcode(text, kind, **options).to_image(scale=1))
    if symbology == "Code128":
        cells = np.repeat(cells[:1], cells.shape[1] // 3, axis=0)
    code = Image.fromarray(cells.repeat(module_px, 0).repeat(module_px, 1))
    frame = Image.new("L", (900, 700), 200)
    frame.paste(code, ((900 - code.width) // 2, (700 - code.height) // 2))
    return frame


def test_bars_at_any_tilt(phone: Phone) -> None:
    level = drawn(CODE, "Code128")
    tilted = [level.rotate(tilt_deg, Image.Resampling.BILINEAR) for tilt_deg in range(0, 180, 15)]
    assert read(phone, tilted) == [CODE] * len(tilted)


def test_light_codes_on_dark_ground(phone: Phone) -> None:
    inverted = drawn(ADDRESS, "QRCode").point(lambda value: 255 - value)
    assert read(phone, [inverted]) == [ADDRESS]


@pytest.mark.parametrize(("text", "symbology"), [(ADDRESS, "QRCode"), (CODE, "Code128")])
def test_small_blurred_and_noisy_codes(phone: Phone, text: str, symbology: str) -> None:
    good = drawn(text, symbology)
    bad = [
        drawn(text, symbology, module_px=2),
        good.filter(ImageFilter.GaussianBlur(1.8)),
        Image.blend(good, Image.effect_noise(good.size, 60), 0.5),
    ]
    assert read(phone, bad) == [text] * len(bad)


def test_a_gs1_code_starts_with_its_identifier(phone: Phone) -> None:
    [text] = read(phone, [drawn("(01)04012345678901(10)LOT7", "DataMatrix", gs1=True)])
    assert text == "]d2010401234567890110LOT7"


def test_no_picture_is_too_small_for_any_look(phone: Phone) -> None:
    assert read(phone, [Image.new("L", size) for size in ((1, 1), (5, 3), (40, 2))]) == [""] * 3
