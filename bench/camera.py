"""Measures how long a label takes from the camera's first frame to its result on the screen.

A part's label, printed by the application itself, is held before Chromium's camera while a machine
is chosen; its scan is an install, so the time holds all of it: looking, decoding, the request, the
write and the picture. Times depend on the machine; the shares hardly do.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import get_args

from playwright.sync_api import Browser, BrowserContext, Playwright, ViewportSize, sync_playwright

from stockscan.store.db import migrate
from tests.browser.camera import Light, Scene, camera_arguments, make_video
from tests.browser.site import Site, running_site
from tools.obtain_browser import find_browser

RUNS = 30
PHONE_SIZE: ViewportSize = {"width": 390, "height": 844}

# The result counts as shown with the first picture that has it.
WATCH_RESULT = """
addEventListener("DOMContentLoaded", () => {
  const watch = new MutationObserver(() => {
    if (!document.querySelector('scan-result:not([data-tone="read"])')) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => performance.mark("bench:shown")));
  });
  watch.observe(document.getElementById("stage").parentElement, {childList: true, subtree: true});
});
"""
MARKS = """() => {
  const at = (name) => performance.getEntriesByName(name)[0];
  const first = at("scan:first-frame").startTime;
  return {
    shown_ms: at("bench:shown").startTime - first,
    read_ms: at("scan:decoded").startTime - first,
    decode_ms: at("scan:decoded").detail.decode_ms,
  };
}"""


@dataclass(frozen=True, slots=True)
class Times:
    """One scan, from the first frame: result shown, label read; and the one decode that read it."""

    shown_ms: float
    read_ms: float
    decode_ms: float


def main() -> None:
    """Print a line for each scene: `python -m bench.camera [scene ...]`."""
    scenes = [light for light in get_args(Light) if light in sys.argv[1:]] or get_args(Light)
    browser = chromium()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = f"sqlite:///{folder}/bench.db"
        migrate(address)
        with running_site(address, Path(folder, "data")) as site:
            print("scene     first frame to result   of it to read   one decode   decode/total")
            for light in scenes:
                [label] = site.printed_labels(site.things.filter)
                film = [Scene(label, 6, light), Scene(None, 6)]
                video = make_video(Path(folder, f"{light}.mjpeg"), film, seed=1)
                with started(playwright, browser, video) as chrome:
                    print(line(light, measure(site, chrome)))


@contextmanager
def started(playwright: Playwright, browser: str, video: Path) -> Iterator[Browser]:
    """A Chromium whose camera shows the video."""
    chrome = playwright.chromium.launch(
        executable_path=browser, args=["--no-sandbox", *camera_arguments(video)]
    )
    try:
        yield chrome
    finally:
        chrome.close()


def measure(site: Site, chrome: Browser) -> Sequence[Times]:
    """Install the part in view again and again, each time on a page of its own."""
    context = chrome.new_context(viewport=PHONE_SIZE)
    site.let_in(site.cast.technician, context)
    context.add_init_script(WATCH_RESULT)
    one_scan(site, context)  # fills the browser's caches, as the first scan of a day does
    return [one_scan(site, context) for _ in range(RUNS)]


def one_scan(site: Site, context: BrowserContext) -> Times:
    """Open the scan screen for the machine and wait until the install is shown."""
    page = context.new_page()
    page.goto(f"{site.url}/scan?mode=install&on={site.things.forklift}")
    page.locator('scan-result:not([data-tone="read"])').wait_for()
    page.wait_for_timeout(100)  # the mark follows the picture
    times = Times(**page.evaluate(MARKS))
    page.close()
    return times


def line(light: Light, scans: Sequence[Times]) -> str:
    """The medians of a scene as one row of the table."""
    shown, read, decode = (
        median(getattr(scan, field.name) for scan in scans) for field in fields(Times)
    )
    share = decode / shown
    return f"{light:<8}{shown:>17.0f} ms{read:>17.0f} ms{decode:>10.1f} ms{share:>14.1%}"


def chromium() -> str:
    """The browser to measure with; `make test` obtains one."""
    browser = find_browser()
    if browser is None:
        sys.exit("No browser to measure with: run `make test` once, it obtains one.")
    return browser


if __name__ == "__main__":
    main()
