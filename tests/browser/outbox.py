"""What a phone holds and does while no server answers, for the tests that look into it."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from stockscan.services.work import reading
from stockscan.store.operations import Operation
from stockscan.store.stock import Movement
from tests.browser.phone import Phone
from tests.browser.site import IN_THE_BIN, Site

PATIENCE_S = 60
_DATABASE = """async (work) => {
  const asked = indexedDB.open("stockscan");
  const db = await new Promise((done, fail) => {
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => fail(asked.error);
  });
  const all = (store) => new Promise((done) => {
    const rows = db.transaction(store).objectStore(store).getAll();
    rows.onsuccess = () => done(rows.result);
  });
  try { return db.objectStoreNames.length ? await all(work) : []; } finally { db.close(); }
}"""
# Past the two seconds in which the same text counts once: each event is a scan of its own.
_SCANS = """(texts) => {
  const camera = document.querySelector("scan-camera");
  for (const text of texts) {
    const detail = { text, format: "QRCode", way: "camera", at: performance.now() };
    camera.dispatchEvent(new CustomEvent("scan-read", { bubbles: true, detail }));
  }
}"""

HEAR_OF_IT = """() => {
  window.isOut = new Promise((done) => {
    if (navigator.onLine) addEventListener("offline", () => done(), { once: true });
    else done();
  });
}"""

_MAKE_OLDER = """async (earlier_ms) => {
  const asked = indexedDB.open("stockscan");
  const db = await new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const writing = db.transaction("outbox", "readwrite");
  const outbox = writing.objectStore("outbox");
  outbox.openCursor().onsuccess = ({ target: { result: row } }) => {
    if (!row) return;
    const { clock, answered_ms, ...entry } = row.value;
    const earlier = (ms) => ms && ms - earlier_ms;
    const older = { ...clock, wall_ms: earlier(clock.wall_ms), page: "an older page" };
    row.update({ ...entry, clock: older, answered_ms: earlier(answered_ms) });
    row.continue();
  };
  await new Promise((done) => { writing.oncomplete = done; });
  db.close();
}"""


def entries(page: Page) -> list[dict[str, Any]]:
    """Everything in the phone's outbox, in the order of capture."""
    rows: list[dict[str, Any]] = page.evaluate(_DATABASE, "outbox")
    return sorted(rows, key=lambda row: row["capture"])


def kept_in(page: Page, store: str) -> list[dict[str, Any]]:
    """Everything in one of the phone's stores: `things`, `sheets`."""
    rows: list[dict[str, Any]] = page.evaluate(_DATABASE, store)
    return rows


def states(page: Page) -> Counter[str]:
    """How many entries are in which state."""
    return Counter(row["state"] for row in entries(page))


def scan_all(page: Page, *texts: str) -> None:
    """Read these labels, as fast as the page takes them."""
    page.evaluate(_SCANS, list(texts))


def wait_until(met: Callable[[], bool], what: str) -> None:
    """Wait for something that the page does not show."""
    end = time.monotonic() + PATIENCE_S
    while not met():
        assert time.monotonic() < end, f"waited for: {what}"
        time.sleep(0.05)


def knows_the_catalogue(phone: Phone) -> None:
    """Wait until this phone can go on alone."""
    wait_until(lambda: bool(phone.page.evaluate(_DATABASE, "things")), "the catalogue")


def knows_it_is_out(phone: Phone, asset: str) -> None:
    """Wait until this phone has learned from the server that somebody has the asset."""

    def is_out() -> bool:
        things: list[dict[str, Any]] = phone.page.evaluate(_DATABASE, "things")
        return any(thing["code"] == asset and thing.get("out") for thing in things)

    wait_until(is_out, "the news of the asset")


def goes_offline(phone: Phone) -> None:
    """From now on no server answers, and the browser's complaints of that are part of the test.

    The page knows when this returns: a link that is tapped before would lead to a dead page.
    """
    phone.loses_network = True
    phone.page.evaluate(HEAR_OF_IT)
    phone.page.context.set_offline(True)
    phone.page.evaluate("window.isOut")


def comes_back(phone: Phone) -> None:
    """The network is there again."""
    phone.page.context.set_offline(False)


def make_older(phone: Phone, earlier_ms: int) -> None:
    """Let everything in the outbox have been captured, and answered, so much earlier."""
    phone.page.evaluate(_MAKE_OLDER, earlier_ms)


def installs(site: Site) -> list[str]:
    """The ids of the installs in the books, in the order in which the phone captured them."""
    query = select(Operation.id).where(Operation.kind == "install", Operation.status == "applied")
    with site.app.app_context(), reading() as connection:
        return list(connection.execute(query.order_by(Operation.capture)).scalars())


def as_booked(site: Site) -> list[str]:
    """The same in the order of the ledger."""
    query = select(Movement.operation_id).where(Movement.kind == "install")
    with site.app.app_context(), reading() as connection:
        return list(connection.execute(query.order_by(Movement.seq)).scalars())


def as_happened(site: Site) -> list[str]:
    """The same in the order in which the server believes that they happened."""
    query = select(Operation.id).where(Operation.kind == "install")
    with site.app.app_context(), reading() as connection:
        return list(connection.execute(query.order_by(Operation.effective_us)).scalars())


def queue_installs(phone: Phone, site: Site, count: int) -> None:
    """Scan the filter so often that this many installs are kept."""
    before = len(entries(phone.page))
    scan_all(phone.page, *[site.things.filter] * count)
    wait_until(lambda: len(entries(phone.page)) == before + count, f"{count} more are kept")


def install_here(phone: Phone, site: Site) -> None:
    """Open the scan screen where the next part goes on the forklift, and know the catalogue."""
    phone.loses_network = True
    phone.open(f"/scan?mode=install&on={site.things.forklift}")
    knows_the_catalogue(phone)


def all_are_booked(site: Site, kept: list[str]) -> None:
    """Each once, in the order of the phone, by the ledger and by the clock."""
    assert installs(site) == kept
    assert as_booked(site) == kept
    assert as_happened(site) == kept
    assert site.on_hand(site.things.filter) == IN_THE_BIN - len(kept)
