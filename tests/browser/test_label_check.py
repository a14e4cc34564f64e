"""Labels that were just printed are held before a camera: green, amber, red, and what to do."""

import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from stockscan.labelling import symbols
from stockscan.services.labels import checking
from stockscan.services.work import reading
from tests.browser.camera import Scene
from tests.browser.conftest import OpenPhone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]
PIXELS_A_MODULE = 8


def sticker(text: str) -> Image.Image:
    """A QR code that somebody else has printed."""
    matrix, quiet = symbols.qr(text), 4
    cells = b"".join(row.translate(b"\xff\x00" + bytes(254)) for row in matrix.rows)
    side = matrix.width + 2 * quiet
    picture = Image.new("L", (side, side), 255)
    picture.paste(Image.frombytes("L", (matrix.width, matrix.width), cells), (quiet, quiet))
    return picture.resize((side * PIXELS_A_MODULE,) * 2, Image.Resampling.NEAREST)


def test_labels_are_scanned_back(site: Site, open_phone: OpenPhone) -> None:
    things = site.things
    (right,) = site.printed_labels(things.forklift, things.drill)[:1]
    (other,) = site.printed_labels(things.filter)
    seen = [right, other, sticker("https://elsewhere.example/S/7K3QX9A")]
    scenes = [scene for label in seen for scene in (Scene(label, 2), Scene(None, 0.7))]
    phone = open_phone(site.cast.storekeeper, camera=[Scene(None, 0.7), *scenes, Scene(None, 20)])
    phone.open("/labels/prints/1/check")
    phone.shows("It reads", "Forklift Linde E20", "1 of 2 read, 2 on the print")
    phone.shows("Not of this print", "Oil filter W 712", "Marco Silva")
    phone.shows("Not ours", "elsewhere.example")
    assert phone.taps == 0
    phone.tap("Understood")
    phone.tap(re.compile("Does not read.*Hammer drill"))
    phone.shows("Does not read", "Hammer drill TE 30")
    expect(phone.page.get_by_role("button", name="Print it again")).to_be_visible()
    with site.app.app_context(), reading() as connection:
        counts = checking.checked(connection, [1])[1]
    assert (counts.right, counts.other_print, counts.unknown, counts.unreadable) == (1, 1, 1, 1)


def test_a_check_that_finds_no_server_is_sent_later_and_nowhere_else(
    site: Site, open_phone: OpenPhone
) -> None:
    things = site.things
    site.printed_labels(things.forklift)
    phone = open_phone(site.cast.storekeeper)
    phone.loses_network = True
    phone.open("/labels/prints/1/check")
    phone.page.route("**/checks", lambda route: route.abort())
    phone.scan_by_wedge(things.forklift)
    expect(phone.page.locator("#toast")).to_contain_text("Not sent yet")
    phone.page.unroute("**/checks")
    phone.open("/scan")
    expect(phone.page.locator("#stage")).to_have_attribute("data-state", "idle")
    phone.open("/labels/prints/1/check")
    phone.shows("It reads", "Forklift Linde E20")
