"""Every page, opened once: it fits small windows and large text, and passes axe."""

import pytest

from tests.browser.conftest import PHONE_SIZE, OpenPhone
from tests.browser.site import Site
from tests.browser.test_accessibility import violations
from tests.browser.test_phone_layout import faults_when_large
from tests.browser.walk import addresses, furnish

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]


@pytest.mark.parametrize(
    "thorough", [False, pytest.param(True, marks=pytest.mark.torture)], ids=["", "thorough"]
)
def test_every_page(site: Site, open_phone: OpenPhone, *, thorough: bool) -> None:
    """Every run takes one size of each page and a third of them in the dark; torture takes all."""
    paths = addresses(site, furnish(site))
    phone = open_phone(site.cast.admin)
    phone.expects(404)
    found = {}
    for turn, path in enumerate(paths):
        phone.page.set_viewport_size(PHONE_SIZE)
        phone.open(path)
        found[path] = [
            *faults_when_large(phone),
            *violations(phone.page, turn=None if thorough else turn),
        ]
    assert {path: what for path, what in found.items() if what} == {}
    assert len(found) > 25
