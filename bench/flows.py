"""How long a person waits in the flows of "Accept as done": from the last act to the shown result.

A keyboard scanner scans, since it adds no time of its own; a camera adds what `bench.camera` says.
A person's own time, to find a label or to press digits, is not in these figures.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from bench.camera import PHONE_SIZE, chromium
from stockscan.store.db import migrate
from tests.browser.phone import Phone
from tests.browser.site import Site, running_site
from tests.shop import Shop

RUNS = 10

# An act is a scan's last key or a tap; a result is shown with the first picture that has it.
WATCH = """
addEventListener("keydown", ({key}) => key === "Enter" && performance.mark("bench:act"), true);
addEventListener("click", () => performance.mark("bench:act"), true);
addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
  const answer = document.querySelector('scan-result:not([data-tone="read"])');
  if (!answer || answer.dataset.bench) return;
  answer.dataset.bench = "seen";
  requestAnimationFrame(() => setTimeout(() => performance.mark("bench:shown")));
}).observe(document.body, {childList: true, subtree: true}));
"""
SINCE = """(acts) => {
  const at = (name) => performance.getEntriesByName(name).map((mark) => mark.startTime);
  return at("bench:shown").at(-1) - at("bench:act").at(-acts);
}"""


def main() -> None:
    """Print a line for each flow."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        address = f"sqlite:///{folder}/bench.db"
        migrate(address)
        chrome = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"]
        )  # fmt: skip
        with running_site(address, Path(folder, "data")) as site:
            stock_hoses(site)
            context = chrome.new_context(viewport=PHONE_SIZE)
            context.add_init_script(WATCH)
            site.let_in(site.cast.storekeeper, context)
            times: dict[str, list[float]] = {name: [] for name in FLOWS}
            for _ in range(RUNS):
                for name, (flow, acts) in FLOWS.items():
                    phone = Phone(context.new_page(), site)
                    flow(phone, site)
                    phone.page.wait_for_timeout(100)  # the mark follows the picture
                    times[name].append(phone.page.evaluate(SINCE, acts))
                    phone.page.close()
        chrome.close()
    print(f"flow, median and longest of {RUNS}")
    for name, taken_ms in times.items():
        print(f"{name:<55}{median(taken_ms):6.0f} ms{max(taken_ms):6.0f} ms")


def stock_hoses(site: Site) -> None:
    """The second part of the machine."""
    with site.app.app_context():
        hoses = {"part": site.things.hose, "location": site.things.bin, "quantity": "100"}
        Shop(site.cast, now_us=1_702_000_000_000_000).ok("receive", **hoses, unit_cost="8")


def opened(phone: Phone, path: str) -> None:
    """Nobody scans before the page is all there."""
    phone.open(path)
    phone.page.wait_for_load_state("networkidle")


def check_out(phone: Phone, site: Site) -> None:
    """Asset, badge."""
    opened(phone, "/scan")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Hammer drill TE 30")
    phone.scan_by_wedge(site.cast.technician.code)
    phone.shows("Checked out")


def give_back(phone: Phone, site: Site) -> None:
    """Asset, bin."""
    opened(phone, "/scan")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Dana Reyes")
    phone.scan_by_wedge(site.things.bin)
    phone.shows("Returned")


def install_two(phone: Phone, site: Site) -> None:
    """Machine, part, part: the second part is scanned as soon as the first is shown."""
    opened(phone, "/scan")
    phone.scan_by_wedge(site.things.forklift)
    phone.shows("Forklift")
    phone.scan_by_wedge(site.things.filter)
    phone.shows("Installed", "Oil filter")
    phone.scan_by_wedge(site.things.hose)
    phone.shows("Installed", "Hydraulic hose")


def count_one(phone: Phone, site: Site) -> None:
    """Bin, part, two digits, Next."""
    opened(phone, "/scan?mode=count")
    phone.scan_by_wedge(site.things.bin)
    phone.shows("Shelf A-03")
    phone.scan_by_wedge(site.things.filter)
    phone.shows_in_all("How many do you see?")
    for key in ("2", "0", "Next"):
        phone.tap(key)
    phone.shows("Counted")


# With each flow the number of acts, counted from the end, from which its time runs.
FLOWS: dict[str, tuple[Callable[[Phone, Site], None], int]] = {
    "check-out: badge scanned, to result": (check_out, 1),
    "return: bin scanned, to result": (give_back, 1),
    "install of two: first part scanned, to second result": (install_two, 2),
    "count: part scanned, digits, Next, to result": (count_one, 4),
}


if __name__ == "__main__":
    main()
