"""Photos of codes: read on the phone, else sent to the server; what cannot be read is explained."""

from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from playwright.sync_api import FilePayload, Locator, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

# The driver does not tell what a request with a file carries, so the page's form is asked.
SEE_WHAT_IS_SENT = """
addEventListener("formdata", async ({ formData }) => {
  const photo = formData.get("photo");
  if (!photo) return;
  const fields = Object.fromEntries(formData);
  const { width, height } = await createImageBitmap(photo);
  window.sent = { size: [width, height], fields };
});
"""
PHOTO_PX = (4000, 3000)
SENT_PX = 2400


def photo_of(label: Image.Image, tilt_deg: float = 0, blur_px: float = 0) -> FilePayload:
    """A twelve-megapixel photo of a label on a grey desk."""
    photo = Image.new("L", PHOTO_PX, 120)
    tilted = label.convert("LA").rotate(tilt_deg, expand=True, resample=Image.Resampling.BICUBIC)
    photo.paste(tilted.convert("L"), (1500, 1200), tilted.getchannel("A"))
    return file_of(photo.filter(ImageFilter.GaussianBlur(blur_px)), "JPEG")


def file_of(picture: Image.Image, kind: str) -> FilePayload:
    """The picture as a file that a phone offers."""
    file = BytesIO()
    picture.save(file, kind)
    return {"name": "IMG_1", "mimeType": f"image/{kind.lower()}", "buffer": file.getvalue()}


def photo_input(phone: Phone) -> Locator:
    """Where the photo goes in: the one button of that name in sight."""
    return phone.page.locator("label:visible", has_text="Photo").locator("input")


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """Dana's phone, which has no live camera, on the scan screen with the forklift chosen."""
    phone = open_phone(site.cast.technician)
    phone.open(f"/scan?on={site.things.forklift}")
    phone.shows("Forklift Linde E20")
    return phone


@pytest.mark.parametrize("tilt_deg", [0, 25, 90])
def test_a_photo_is_a_scan(phone: Phone, site: Site, tilt_deg: float) -> None:
    (label,) = site.printed_labels(site.things.filter)
    photo_input(phone).set_input_files(photo_of(label, tilt_deg))
    phone.shows("Installed", "Oil filter W 712")
    assert site.on_hand(site.things.filter) == 39


def test_a_gs1_code_is_handed_on_whole(phone: Phone) -> None:
    code = zxingcpp.create_barcode(
        "(01)04006381333931(10)AB12(21)77", zxingcpp.BarcodeFormat.DataMatrix, gs1=True
    )
    phone.expects(422)
    phone.page.evaluate(
        "document.addEventListener('scan-read', (event) => { window.read = event.detail; })"
    )
    picture = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=12))
    photo_input(phone).set_input_files(photo_of(picture))
    read = phone.page.wait_for_function("() => window.read").json_value()
    assert read["text"] == "]d2010400638133393110AB12\x1d2177"
    assert (read["format"], read["way"]) == ("DataMatrix", "photo")


def test_the_same_photo_twice_counts_once(phone: Phone, site: Site) -> None:
    (label,) = site.printed_labels(site.things.filter)
    photo = photo_of(label)
    phone.stop_the_clock()
    photo_input(phone).set_input_files(photo)
    phone.shows("Installed")
    photo_input(phone).set_input_files(photo)
    expect(phone.page.locator("#toast")).to_contain_text("Already scanned")
    assert site.on_hand(site.things.filter) == 39


def test_an_unreadable_photo_is_sent_smaller_with_what_is_chosen(phone: Phone, site: Site) -> None:
    phone.expects(404, 405, 422)
    (label,) = site.printed_labels(site.things.filter)
    phone.page.evaluate(SEE_WHAT_IS_SENT)
    with phone.page.expect_request("**/scans/photos", timeout=20_000):
        photo_input(phone).set_input_files(photo_of(label, blur_px=40))
    sent = phone.page.wait_for_function("() => window.sent").json_value()
    assert sent["size"] == [SENT_PX, 1800]
    assert (sent["fields"]["on"], sent["fields"]["mode"]) == (site.things.forklift, "look_up")
    assert sent["fields"]["id"]
    assert sent["fields"]["csrf_token"]
    expect(phone.page.locator("#toast")).not_to_contain_text("Sending the photo")


def test_a_photo_too_large_is_explained(phone: Phone) -> None:
    photo_input(phone).set_input_files(file_of(Image.new("1", (9000, 9000)), "PNG"))
    expect(phone.page.locator("#toast")).to_contain_text("81 megapixels")


@pytest.mark.parametrize(
    ("name", "words"),
    [("IMG_2.HEIC", "cannot open HEIC photos"), ("notes.txt", "is not a photo")],
)
def test_a_file_that_is_no_photo_is_explained(
    phone: Phone, tmp_path: Path, name: str, words: str
) -> None:
    file = tmp_path / name
    file.write_bytes(b"\x00\x00\x00\x18ftypheic and no picture")
    photo_input(phone).set_input_files(file)
    expect(phone.page.locator("#toast")).to_contain_text(words)
    expect(photo_input(phone)).to_have_value("")
