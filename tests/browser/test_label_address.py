"""A label read by a phone's own camera app: its address leads to the thing, after signing in."""

import pytest

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site
from tests.browser.walk import furnish
from tests.cast import PASSWORD

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_a_label_address_asks_to_sign_in_and_goes_on(
    site: Site, open_phone: OpenPhone, javascript: bool
) -> None:
    dana, drill = site.cast.technician, site.things.drill
    site.give_password(dana)
    phone = open_phone(javascript=javascript)
    phone.open(f"/S/{drill}")
    phone.sign_in(dana.username, PASSWORD)
    phone.page.wait_for_url(f"**/assets/{drill}")
    phone.page.get_by_role("heading", name="Hammer drill TE 30").wait_for()


def test_a_wrong_password_is_said_and_the_way_is_kept(site: Site, open_phone: OpenPhone) -> None:
    dana, drill = site.cast.technician, site.things.drill
    site.give_password(dana)
    phone = open_phone()
    phone.expects(422)
    phone.open(f"/S/{drill}")
    phone.sign_in(dana.username, "not this one")
    phone.page.get_by_text("Wrong name or password.").wait_for()
    phone.sign_in(dana.username, PASSWORD)
    phone.page.wait_for_url(f"**/assets/{drill}")


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no-scripts"])
def test_one_tap_takes_the_thing_and_one_brings_it_back(
    site: Site, open_phone: OpenPhone, javascript: bool
) -> None:
    dana, drill = site.cast.technician, site.things.drill
    phone = open_phone(dana, javascript=javascript)
    phone.open(f"/S/{drill}")
    phone.tap("Take it")
    phone.shows("Checked out", "Dana Reyes")
    phone.open(f"/S/{drill}")
    phone.tap("Bring back")
    phone.shows("Returned")
    assert site.handovers(drill) == [("check_out", dana.id), ("check_in", None)]


@pytest.mark.parametrize("thing", ["forklift", "filter", "bin"])
def test_actions_of_a_thing_are_under_the_thumb(
    site: Site, open_phone: OpenPhone, thing: str
) -> None:
    phone = open_phone(site.cast.storekeeper)
    code = getattr(site.things, thing)
    phone.open(f"/S/{code}")
    assert phone.page.locator("#main").get_attribute("data-scan-on") == code
    buttons = phone.page.locator(".dock :is(a, button):visible").all()
    boxes = [box for button in buttons if (box := button.bounding_box())]
    assert len(boxes) >= 3
    assert min(box["y"] for box in boxes) > 844 * 2 / 3
    assert min(box["height"] for box in boxes) >= 64


def test_a_blank_label_becomes_a_new_thing(site: Site, open_phone: OpenPhone) -> None:
    blank = furnish(site).blank
    phone = open_phone(site.cast.storekeeper)
    phone.open(f"/S/{blank}")
    phone.tap("A new asset")
    phone.page.get_by_label("Name", exact=True).fill("Pallet truck")
    phone.tap("Create asset")
    phone.page.get_by_role("heading", name="Pallet truck").wait_for()
    phone.open(f"/S/{blank}")
    phone.page.get_by_role("heading", name="Pallet truck").wait_for()
