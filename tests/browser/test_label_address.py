"""A label read by a phone's own camera app: its address leads to the thing, after signing in."""

import pytest

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site
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
