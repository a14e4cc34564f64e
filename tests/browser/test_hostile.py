"""Hostile payloads in codes, in a real browser: shown as text, and nothing of them ever runs."""

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import OpenPhone
from tests.browser.site import Site
from tests.hostile import PAYLOADS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

READ = """(text) => document.querySelector("scan-camera").dispatchEvent(
  new CustomEvent("scan-read", {
    bubbles: true, detail: {text, format: "QRCode", way: "camera", at: 0}}))"""


def test_nothing_that_was_scanned_runs(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.storekeeper)
    phone.expects(422)
    opened: list[str] = []

    def close(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    phone.page.on("dialog", close)
    phone.open()
    address = phone.page.url
    for payload in PAYLOADS.values():
        text = payload.encode("utf-8", "replace").decode()
        with phone.page.expect_response("**/scans") as answer:
            phone.page.evaluate(READ, text)
        assert answer.value.status in {200, 422}, payload[:60]
        expect(phone.page.locator("#stage")).to_be_attached()
    assert opened == []
    assert phone.page.url.partition("?")[0] == address
    assert phone.page.evaluate("Object.keys(window).filter((name) => /pwn|xss/i.test(name))") == []
