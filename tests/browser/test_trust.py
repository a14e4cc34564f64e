"""Plain http, https past a warning, and https that is trusted: what works is what we say works.

A real Chromium with a trust store of its own meets the real server; each time the browser is probed
without any code of ours, and the self-check page must say the same.
"""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Error, Page, Playwright, expect

from stockscan.services import access
from stockscan.services.certificates.issuing import Pair, new_leaf
from stockscan.services.work import unit_of_work
from stockscan.store.db import dispose
from tests.apps import make_app
from tests.browser.conftest import USUAL
from tests.browser.outbox import (
    all_are_booked,
    comes_back,
    entries,
    goes_offline,
    install_here,
    queue_installs,
    states,
    wait_until,
)
from tests.browser.phone import OPEN_MS, Phone
from tests.browser.site import DATABASE, Furnished, Site
from tests.browser.trust_store import trust
from tests.cast import DEVICE, context
from tests.lan import NAME, Doors, running_doors

pytestmark = pytest.mark.browser

BANK = "bank.example"

# Asked on a page of ours, so that the address is the same, but of the browser alone.
PROBE = """async () => {
  const outcome = (promise) => promise.then(() => "ok", (error) => error.name);
  const camera = navigator.mediaDevices?.getUserMedia({ video: true });
  const worker = navigator.serviceWorker?.register("/sw.js");
  const store = new Promise((resolve, reject) => {
    const opening = indexedDB.open("probe");
    opening.onsuccess = resolve;
    opening.onerror = () => reject(opening.error);
  });
  return {
    secure: isSecureContext,
    camera: camera ? await outcome(camera) : "absent",
    worker: worker ? await outcome(worker) : "absent",
    store: await outcome(store),
  };
}"""
CHECKED = """() => Object.fromEntries(
  [...document.querySelectorAll("[data-check]")].map((line) => [
    line.dataset.check,
    line.querySelector("[data-outcome]:not([hidden])")?.dataset.outcome,
  ]))"""
WORKS = {"decoder": "works", "storage": "loose", "clock": "right"}

OpenBrowser = Callable[..., Page]


@pytest.fixture(scope="module")
def doors(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    """One server for all tests of this file."""
    folder = tmp_path_factory.mktemp("lan") / "data"
    with running_doors(furnished.folder / DATABASE, folder) as doors:
        yield doors


@pytest.fixture
def open_browser(
    playwright: Playwright, chromium_path: str, doors: Doors, tmp_path: Path
) -> Iterator[OpenBrowser]:
    """A browser with a camera and a fresh profile, which may trust the server's root."""
    with _closing_all() as contexts:

        def open_browser(*, trusting: bool) -> Page:
            profile = tmp_path / "profile"
            if trusting:
                trust(profile, doors.root.public_bytes(Encoding.DER))
            context = playwright.chromium.launch_persistent_context(
                profile,
                executable_path=chromium_path,
                viewport={"width": 390, "height": 844},
                args=[
                    *USUAL,
                    "--use-fake-device-for-media-stream",
                    "--use-fake-ui-for-media-stream",
                    f"--host-resolver-rules=MAP {NAME} 127.0.0.1, MAP {BANK} 127.0.0.1",
                ],
            )
            contexts.append(context)
            return context.pages[0]

        yield open_browser


@contextmanager
def _closing_all() -> Iterator[list[Any]]:
    things: list[Any] = []
    yield things
    for thing in things:
        thing.close()


def go_past_the_warning(page: Page, url: str) -> None:
    """Open a page as a person does who takes the browser's warning and goes on."""
    with pytest.raises(Error, match="ERR_CERT_AUTHORITY_INVALID"):
        page.goto(url)
    page.locator("#details-button").click()
    page.locator("#proceed-link").click()
    page.wait_for_url(url)


def self_check(page: Page, address: str) -> dict[str, str]:
    """What the self-check page says, the camera tried."""
    page.goto(f"{address}/device/check")
    page.locator("phone-check[data-done]").wait_for(timeout=40_000)
    page.get_by_role("button", name="Try the camera").click()
    expect(page.locator("[data-check=camera] [data-outcome=ask]")).to_be_hidden()
    said: dict[str, str] = page.evaluate(CHECKED)
    return said


def test_plain_http(open_browser: OpenBrowser, doors: Doors) -> None:
    page = open_browser(trusting=False)
    page.goto(f"{doors.http}/trust")
    expect(page.get_by_role("heading", name="This page is not secure")).to_be_visible()
    assert page.evaluate(PROBE) == {
        "secure": False, "camera": "absent", "worker": "absent", "store": "ok"
    }  # fmt: skip
    said = self_check(page, doors.http)
    assert said.items() >= {"secure": "plain", "camera": "insecure", "worker": "plain"}.items()
    assert said.items() >= WORKS.items()
    expect(page.get_by_text("Not everything works here")).to_be_visible()


def test_https_past_a_warning(open_browser: OpenBrowser, doors: Doors) -> None:
    page = open_browser(trusting=False)
    go_past_the_warning(page, f"{doors.https}/trust")
    expect(page.get_by_role("heading", name="Opened past a warning")).to_be_visible()
    assert page.evaluate(PROBE) == {
        "secure": True, "camera": "ok", "worker": "SecurityError", "store": "ok"
    }  # fmt: skip
    said = self_check(page, doors.https)
    assert said.items() >= {"secure": "https", "camera": "works", "worker": "untrusted"}.items()
    assert said.items() >= WORKS.items()
    expect(page.get_by_text("Works, with limits")).to_be_visible()


def test_nothing_is_lost_past_a_warning(
    open_browser: OpenBrowser, doors: Doors, furnished: Furnished
) -> None:
    """Scans wait and are booked where the browser refuses the service worker for good."""
    page = open_browser(trusting=False)
    go_past_the_warning(page, f"{doors.https}/trust")
    app = make_app(f"sqlite:///{doors.data_dir / 'stockscan.db'}", doors.data_dir)
    site, dana = Site(app, doors.https, furnished.cast, furnished.things), furnished.cast.technician
    with app.app_context(), unit_of_work() as session:
        token = access.start_session(context(dana), session, dana.id, DEVICE)
    cookie = {"name": "__Host-stockscan", "value": token, "url": doors.https, "secure": True}
    page.context.add_cookies([cookie])  # type: ignore[list-item]
    phone = Phone(page, site)
    install_here(phone, site)
    page.wait_for_selector("html[data-worker=refused]")
    goes_offline(phone)
    queue_installs(phone, site, 20)
    comes_back(phone)
    wait_until(lambda: states(page) == {"taken": 20}, "all are taken")
    all_are_booked(site, [entry["id"] for entry in entries(page)])
    dispose(app)


def test_https_that_is_trusted(open_browser: OpenBrowser, doors: Doors) -> None:
    page = open_browser(trusting=True)
    page.goto(f"{doors.http}/trust")
    page.get_by_role("link", name="Go on with https").click()
    page.wait_for_url(f"{doors.https}/**")
    page.goto(f"{doors.https}/trust")
    trusted = page.get_by_role("heading", name="This phone trusts StockScan")
    expect(trusted).to_be_visible(timeout=OPEN_MS)  # it keeps the app first
    assert page.evaluate(PROBE) == {
        "secure": True, "camera": "ok", "worker": "ok", "store": "ok"
    }  # fmt: skip
    said = self_check(page, doors.https)
    assert said.items() >= {"secure": "https", "camera": "works", "worker": "ready"}.items()
    assert said.items() >= WORKS.items()
    expect(page.get_by_text("Everything works here", exact=True)).to_be_visible()


def test_the_trusted_root_cannot_pose_as_a_bank(
    open_browser: OpenBrowser, doors: Doors, tmp_path: Path
) -> None:
    """Whoever has stolen its key signs as they like: the browser holds to the constraint."""
    root = Pair.read(doors.data_dir / "certificates" / "authority.pem")
    forged = tmp_path / "forged.pem"
    forged.write_bytes(new_leaf(root, [BANK], datetime.now(UTC)).pem())
    page = open_browser(trusting=True)
    with posing(forged) as port, pytest.raises(Error, match="ERR_CERT_INVALID"):
        page.goto(f"https://{BANK}:{port}/")


@contextmanager
def posing(certificate: Path) -> Iterator[int]:
    """A web server with that certificate; its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with ThreadingHTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()
