"""Labels by the web: 24 from a list to the file, in a real browser, and 10,000 as a job.

Times depend on the machine; a person's own time is not in them. The job runs in a worker of the
server, so that its memory is that worker's peak, and its processor time the server's.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from bench.camera import PHONE_SIZE, chromium
from bench.finding import fill
from bench.house import Client, House, build, served
from bench.server import children, cpu_s
from stockscan.services import access
from stockscan.services.work import unit_of_work
from stockscan.store.db import dispose
from stockscan.web import create_app
from tests.cast import DEVICE, context, hire

RUNS = 7
FEW, MANY = 24, 10_000
JOB_MS = 600_000


@dataclass(frozen=True)
class Made:
    """From the first tap to the finished file."""

    seconds: float
    cpu_s: float  # of the server
    size: int


def main() -> str:
    """Two lines: a few labels, and many."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = build("sqlite", f"sqlite:///{folder}/bench.db", Path(folder))
        house.settings["PUBLIC_URL"] = "http://127.0.0.1"
        fill(house.database_url, MANY - FEW)
        chrome = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        with served(house) as (port, pid):
            pump = Client(port, house.token)
            for number in range(FEW):
                pump.make("assets", name=f"Benchpump {number}")
            browser = chrome.new_context(viewport=PHONE_SIZE, has_touch=True)
            address = f"http://127.0.0.1:{port}"
            cookie = {"name": "stockscan", "value": signed_in(house), "url": address}
            browser.add_cookies([cookie])
            # The made-up codes are not ours, so that no catalogue can be made of them.
            browser.route("**/api/v1/catalogue*", lambda route: route.abort())
            page = browser.new_page()
            few = [download(page, f"{address}/assets?q=benchpump", pid) for _ in range(RUNS)]
            before_mb = peak_mb(pid)
            many = job(page, f"{address}/assets", pid)
            grown_mb = peak_mb(pid) - before_mb
        chrome.close()
    seconds = sorted(one.seconds for one in few)
    return (
        f"     {FEW} labels, list to PDF in 2 taps: median {median(seconds) * 1e3:.0f} ms"
        f" ({seconds[0] * 1e3:.0f} to {seconds[-1] * 1e3:.0f}, n = {RUNS}), of the server"
        f" {median(one.cpu_s for one in few) * 1e3:.0f} ms CPU\n"
        f"     {MANY} labels as a job: {many.seconds:.1f} s, {many.cpu_s:.1f} s CPU of the server,"
        f" {many.size / 1e6:.1f} MB file, +{grown_mb:.0f} MB"
    )


def download(page: Page, address: str, pid: int) -> Made:
    """From the tap on the list's button for labels to the file on the phone."""

    def act() -> Path:
        page.get_by_role("link", name="Labels of all").tap()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Make PDF").tap()
        return waiting.value.path()

    return _timed(page, address, pid, act)


def job(page: Page, address: str, pid: int) -> Made:
    """The same for so many that a page with a progress bar stands in between."""

    def act() -> Path:
        page.get_by_role("link", name="Labels of all").tap()
        page.get_by_role("button", name="Make PDF").tap()
        file = page.get_by_role("link", name="Download the PDF")
        file.wait_for(timeout=JOB_MS)
        with page.expect_download() as waiting:
            file.tap()
        return waiting.value.path()

    return _timed(page, address, pid, act)


def signed_in(house: House) -> str:
    """The session of somebody who may print labels."""
    app = create_app(dict(house.settings))
    try:
        player = hire(app).storekeeper
        with app.app_context(), unit_of_work() as session:
            return access.start_session(context(player), session, player.id, DEVICE)
    finally:
        dispose(app)


def peak_mb(pid: int) -> float:
    """The most memory that one worker of the server had so far (Linux)."""
    texts = [Path(f"/proc/{worker}/status").read_text() for worker in children(pid)]
    peaks = [line.split()[1] for text in texts for line in text.splitlines() if "VmHWM" in line]
    return max(map(int, peaks)) / 1024


def _timed(page: Page, address: str, pid: int, act: Callable[[], Path]) -> Made:
    page.goto(address)
    page.wait_for_load_state("networkidle")
    before_s, start = cpu_s(pid), time.perf_counter()
    path = act()
    return Made(time.perf_counter() - start, cpu_s(pid) - before_s, path.stat().st_size)


if __name__ == "__main__":
    print(main())
