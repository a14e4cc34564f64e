"""What a visit to the scan page costs: bytes over the wire and the time to a ready camera.

Cold is a browser that was never here, warm one that was. The bytes are the bodies as
they are served, without headers; the worker's and the decoder's among them.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bench.camera import PHONE_SIZE, chromium, started
from stockscan.store.db import migrate
from tests.browser.camera import Scene, make_video
from tests.browser.site import Site, running_site

RUNS = 10
SETTLE_MS = 1500  # the decoder comes by the worker, whose requests are not the page's
READY = """() => performance.getEntriesByName("scan:first-frame")[0]?.startTime"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Time from the call of the page to the first frame that is looked at, and bytes by kind."""

    ready_ms: float
    bytes_by_kind: Counter[str]


def main() -> None:
    """Print the medians of both kinds of visit."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = f"sqlite:///{folder}/bench.db"
        migrate(address)
        video = make_video(Path(folder, "shelf.mjpeg"), [Scene(None, 6)], seed=1)
        with (
            running_site(address, Path(folder, "data")) as site,
            started(playwright, chromium(), video) as chrome,
        ):
            counted = Counted(site.app.wsgi_app)
            site.app.wsgi_app = counted  # type: ignore[method-assign]
            pairs = [cold_and_warm(site, chrome, counted.served) for _ in range(RUNS)]
    for name, visits in zip(("cold", "warm"), zip(*pairs, strict=True), strict=True):
        ready_ms = median(visit.ready_ms for visit in visits)
        kinds = visits[0].bytes_by_kind
        listed = ", ".join(f"{kind} {count / 1000:.1f} kB" for kind, count in kinds.most_common())
        print(f"{name}: camera ready after {ready_ms:.0f} ms (median of {RUNS});"
              f" {kinds.total() / 1000:.1f} kB in all: {listed}")  # fmt: skip


def cold_and_warm(site: Site, chrome: Browser, served: Counter[str]) -> tuple[Visit, Visit]:
    """The first and the second visit of a new browser profile."""
    context = chrome.new_context(viewport=PHONE_SIZE)
    site.let_in(site.cast.technician, context)
    try:
        return visit(site, context, served), visit(site, context, served)
    finally:
        context.close()


def visit(site: Site, context: BrowserContext, served: Counter[str]) -> Visit:
    """Open the scan page and wait until the camera is looked at and the decoder is there."""
    served.clear()
    page = context.new_page()
    page.goto(f"{site.url}/scan")
    page.wait_for_function(READY)
    ready_ms = page.evaluate(READY)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLE_MS)
    page.close()
    return Visit(ready_ms, served.copy())


class Counted:
    """The application, with the bytes of its answers counted by the ends of their addresses."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.served: Counter[str] = Counter()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind = Path(environ["PATH_INFO"]).suffix or "page"
        answer = self.app(environ, start_response)
        try:
            for chunk in answer:
                self.served[kind] += len(chunk)
                yield chunk
        finally:
            getattr(answer, "close", lambda: None)()


if __name__ == "__main__":
    main()
