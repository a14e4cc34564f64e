"""The app on a phone: it can be installed, opens without a server, and keeps nothing personal."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urljoin
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.browser.conftest import USUAL, OpenPhone
from tests.browser.outbox import knows_the_catalogue
from tests.browser.phone import Phone
from tests.browser.site import Site, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

SHELL = "[data-my-name]"
SERVED = "#stage[data-address]"
# Everything that any cache holds, bodies and headers.
ALL_KEPT = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      texts.push(request.url, JSON.stringify([...answer.headers]), await answer.text());
    }
  }
  return texts.join("\\n");
}"""
# The builds that are kept, oldest first.
KEPT_BUILDS = "async () => (await caches.keys()).map((name) => name.split('-')[1])"
# As the browser does by itself after a page was opened; until the newer worker is in charge.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  const newer = registration.installing ?? registration.waiting ?? registration.active;
  while (newer.state !== "activated") {
    if (newer.state === "redundant") throw new Error("the newer build was not kept");
    await new Promise((done) => setTimeout(done, 20));
  }
}"""
STATUS_OF = "(path) => fetch(path, {cache: 'no-store'}).then((answer) => answer.status)"
FAILS = "(asked) => fetch(...asked).then(() => false, () => true)"

Middleware = Callable[[WSGIEnvironment, StartResponse, WSGIApplication], Iterable[bytes]]


def put_before(site: Site, middleware: Middleware) -> None:
    """Let all requests pass through this, from now on."""
    app = site.app.wsgi_app

    def through(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return middleware(environ, start_response, app)

    site.app.wsgi_app = through  # type: ignore[method-assign]


def shows_shell(phone: Phone, address: str) -> None:
    """The page without network is there, with its style and scripts, and the address has stayed."""
    expect(phone.page.locator(SHELL)).to_be_attached()
    assert phone.page.url == phone.site.url + address
    phone.keeps_app()
    styled = "[...document.styleSheets].length && getComputedStyle(document.body).fontFamily"
    assert "Hyperlegible" in phone.page.evaluate(styled)


def test_the_app_can_be_installed(
    site: Site, playwright: Playwright, chromium_path: str, tmp_path: Path
) -> None:
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=chromium_path, args=USUAL
    )
    page = context.new_page()
    page.goto(f"{site.url}/sign-in")
    devtools = context.new_cdp_session(page)
    assert devtools.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    found = devtools.send("Page.getAppManifest")
    assert found["errors"] == []
    manifest = json.loads(found["data"])
    pictures = [icon["src"] for icon in manifest["icons"]]
    pictures.append(page.locator("link[rel=apple-touch-icon]").get_attribute("href"))
    for address in pictures:
        assert page.request.get(urljoin(site.url, address)).headers["content-type"] == "image/png"
    context.close()


def test_without_network_the_shell_opens_under_the_same_address(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open("/")
    phone.keeps_app()
    knows_the_catalogue(phone)
    address = f"/scan?mode=install&on={site.things.forklift}"
    phone.loses_network = True
    phone.page.context.set_offline(True)
    phone.open(address)
    shows_shell(phone, address)
    phone.page.context.set_offline(False)
    expect(phone.page.locator(SERVED)).to_be_attached()  # it goes on to it by itself
    phone.page.reload()
    expect(phone.page.locator(SERVED)).to_be_attached()


def test_when_the_server_is_gone_only_the_shell_is_answered(
    database_url: str, tmp_path: Path, no_camera: Browser
) -> None:
    with running_site(database_url, tmp_path / "data") as site:
        context = no_camera.new_context()
        site.let_in(site.cast.technician, context)
        phone = Phone(context.new_page(), site)
        phone.open("/scan")
        phone.keeps_app()
    assert phone.troubles == []
    phone.loses_network = True
    for asked in (
        ["/scans", {"method": "POST"}],
        ["/offline", {"method": "POST"}],
        ["/scan/matches?raw=oil", {"headers": {"HX-Request-Type": "partial"}}],
        ["/offline"],
        ["/api/v1/sync"],
    ):
        assert phone.page.evaluate(FAILS, asked), asked
    phone.open("/scan?mode=count")
    shows_shell(phone, "/scan?mode=count")
    phone.open("/waiting")
    expect(phone.page).to_have_title(re.compile("Waiting"))
    context.close()
    assert phone.troubles == []


def test_a_proxy_that_finds_no_server_counts_as_none(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open("/")
    phone.keeps_app()
    phone.expects(502)
    put_before(site, bad_gateway)
    phone.open("/scan?mode=count")
    shows_shell(phone, "/scan?mode=count")


def test_a_slow_page_is_waited_for_while_the_server_lives(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open("/")
    phone.keeps_app()
    asked = threading.Event()

    def slow(
        environ: WSGIEnvironment, start_response: StartResponse, app: WSGIApplication
    ) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/healthz":
            asked.set()
        elif environ["PATH_INFO"] == "/scan":
            assert asked.wait(30)
        return app(environ, start_response)

    put_before(site, slow)
    phone.open("/scan")
    expect(phone.page.locator(SERVED)).to_be_attached()


def test_a_network_that_swallows_everything_counts_as_none(
    site: Site, open_phone: OpenPhone
) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open("/")
    phone.keeps_app()
    over = threading.Event()

    def swallow(
        environ: WSGIEnvironment, start_response: StartResponse, app: WSGIApplication
    ) -> Iterable[bytes]:
        over.wait(30)
        return app(environ, start_response)

    put_before(site, swallow)
    try:
        phone.open("/scan")
        expect(phone.page.locator(SHELL)).to_be_attached()
    finally:
        over.set()


def test_an_open_page_keeps_the_files_of_its_build(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.expects(404)
    phone.open("/scan")
    phone.keeps_app()
    first = site.app.extensions["stockscan.asset"]("").split("/")[2]
    worker = f"/static/{first}/js/decode-worker.js"
    for kept in ([first, "the_second"], ["the_second", "_the_third"]):
        put_before(site, renamed(*kept))
        phone.page.evaluate(UPDATE)
        assert phone.page.evaluate(KEPT_BUILDS) == kept
        assert phone.page.evaluate(STATUS_OF, worker) == (200 if first in kept else 404)


def renamed(build: str, name: str) -> Middleware:
    """A newer server: the same application with its files under another address."""

    def serve(
        environ: WSGIEnvironment, start_response: StartResponse, app: WSGIApplication
    ) -> Iterable[bytes]:
        asked = environ["PATH_INFO"]
        if asked.startswith(f"/static/{build}/"):
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"of an older build"]
        path = asked.replace(f"/static/{name}/", f"/static/{build}/")
        unconditional = {**environ, "PATH_INFO": path, "HTTP_IF_NONE_MATCH": ""}
        answer = app(unconditional, start_response)
        return [chunk.replace(build.encode(), name.encode()) for chunk in answer]

    return serve


def test_the_worker_downloads_nothing_twice(site: Site, open_phone: OpenPhone) -> None:
    served: Counter[str] = Counter()

    def count(
        environ: WSGIEnvironment, start_response: StartResponse, app: WSGIApplication
    ) -> Iterable[bytes]:
        served[environ["PATH_INFO"]] += 1
        return app(environ, start_response)

    put_before(site, count)
    phone = open_phone(site.cast.technician, keeps_app=True)
    phone.open("/scan")
    phone.keeps_app()
    phone.open("/scan")
    phone.keeps_app()
    files = {path: times for path, times in served.items() if path.startswith("/static/")}
    assert any(path.endswith(".wasm") for path in files)
    assert {path for path, times in files.items() if times > 1} == set()


def test_nothing_kept_is_personal(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician, keeps_app=True)
    me = site.cast.technician
    for path in ("/", "/scan", f"/people/{me.code}", f"/assets/{site.things.forklift}"):
        phone.open(path)
        phone.keeps_app()
    phone.expects(401)  # the page asks who is signed in, to send what waits
    phone.page.locator("form[action='/sign-out'] button").first.dispatch_event("click")
    expect(phone.page).to_have_title("Sign in · StockScan")
    kept = phone.page.evaluate(ALL_KEPT)
    assert "data-my-name" in kept
    for personal in (me.name, me.code, site.things.forklift, "set-cookie"):
        assert personal not in kept


def test_a_refused_worker_changes_nothing(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone(site.cast.technician)
    phone.open("/scan")
    expect(phone.page.locator("html")).to_have_attribute("data-worker", "refused")
    phone.scan_by_typing(site.things.forklift)
    phone.shows("Forklift")


def bad_gateway(
    environ: WSGIEnvironment, start_response: StartResponse, app: WSGIApplication
) -> Iterable[bytes]:
    """What a proxy says while the application is being replaced."""
    start_response("502 Bad Gateway", [("Content-Type", "text/plain")])
    return [b"no application"]
