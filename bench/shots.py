"""Pictures of every state of the scan screen, and of the pages around it, to be looked at.

`python -m bench.shots FOLDER [state ...]` writes FOLDER/state-WIDTHxHEIGHT-theme.png. The camera is
Chromium's own, with a shelf before it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Playwright, sync_playwright

from bench.camera import chromium
from stockscan.store.db import migrate
from tests.browser.camera import Scene, camera_arguments, make_video
from tests.browser.phone import Phone
from tests.browser.site import Site, running_site
from tests.browser.walk import furnish, offer_a_reward
from tests.cast import Player

SIZES: Final = ((360, 640), (390, 844), (1280, 800))
THEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")
SETTLE_MS: Final = 500  # a page that still loads hears a scanner's keys late
FLASH: Final = ".flash:not([data-leaving])"


@dataclass(frozen=True, slots=True)
class State:
    """How a picture comes about: who holds the phone, what is before it, what is done first."""

    arrange: Callable[[Phone], None]
    camera: str = "shelf"
    role: str | None = "storekeeper"


def main() -> None:
    """Take the pictures."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder, *wanted = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        address = f"sqlite:///{temporary}/shots.db"
        migrate(address)
        with (
            running_site(address, Path(temporary, "data")) as site,
            browsers(playwright, Path(temporary)) as cameras,
        ):
            prepare(site)
            for name, state in STATES.items():
                if not wanted or name in wanted:
                    take(site, cameras[state.camera], name, state, Path(folder))


def prepare(site: Site) -> None:
    """Somebody has the drill, a machine is retired, a stranger may call."""
    site.retire(furnish(site).machine)
    offer_a_reward(site)


def take(site: Site, browser: Browser, name: str, state: State, folder: Path) -> None:
    """One state in each size and theme, each on a phone of its own."""
    for width, height in SIZES:
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                device_scale_factor=2 if width < 1000 else 1,
                color_scheme=theme,
                permissions=["camera"] if state.camera == "shelf" else [],
            )
            if state.role:
                player: Player = getattr(site.cast, state.role)
                site.let_in(player, context)
            phone = Phone(context.new_page(), site)
            state.arrange(phone)
            phone.page.screenshot(path=folder / f"{name}-{width}x{height}-{theme}.png")
            context.close()


@contextmanager
def browsers(playwright: Playwright, folder: Path) -> Iterator[dict[str, Browser]]:
    """A Chromium for each kind of camera: one that shows a shelf, one not allowed, none."""
    shelf = make_video(folder / "shelf.mjpeg", [Scene(None, 2)], seed=1)
    arguments = {
        "shelf": camera_arguments(shelf),
        "refused": ["--use-fake-device-for-media-stream"],
        "none": [],
    }
    opened = {
        name: playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", *more])
        for name, more in arguments.items()
    }
    yield opened
    for browser in opened.values():
        browser.close()


def idle(phone: Phone) -> None:
    """The scan screen, looking."""
    phone.open()
    phone.page.locator(".finder").wait_for()
    phone.page.wait_for_timeout(900)


def thing(phone: Phone) -> None:
    """A machine was scanned."""
    idle(phone)
    scan(phone, phone.site.things.forklift, "Forklift Linde E20")


def flash(phone: Phone) -> None:
    """The full green of a part that went into it."""
    thing(phone)
    phone.scan_by_wedge(phone.site.things.filter)
    phone.page.locator(FLASH).wait_for()


def green(phone: Phone) -> None:
    """The green field, settled."""
    flash(phone)
    phone.page.locator(FLASH).wait_for(state="detached")
    phone.page.wait_for_timeout(300)


def amber(phone: Phone) -> None:
    """Somebody else has it."""
    phone.open(f"/scan?mode=check_out&on={phone.site.things.drill}")
    scan(phone, phone.site.cast.viewer.code, "Already out")
    phone.page.wait_for_timeout(1800)


def red(phone: Phone) -> None:
    """Stopped until it is understood."""
    phone.open("/assets?show=retired")
    address = phone.page.locator(".lead-cell a").get_attribute("href") or ""
    phone.open(f"/scan?mode=install&on={address.rpartition('/')[2]}")
    phone.page.wait_for_timeout(SETTLE_MS)
    phone.scan_by_wedge(phone.site.things.filter)
    phone.page.get_by_role("button", name="Understood").wait_for()
    phone.page.wait_for_timeout(300)


def unknown(phone: Phone) -> None:
    """A code that stands for nothing here."""
    idle(phone)
    scan(phone, "4006381333931", "Not known here")
    phone.page.wait_for_timeout(1800)


def batch(phone: Phone) -> None:
    """Several things for one person, one of which is with somebody else."""
    site, things = phone.site, phone.site.things
    many = f"{things.drill}.{things.forklift}.{things.filter}"
    phone.open(f"/scan?mode=collect&many={many}")
    phone.page.wait_for_timeout(SETTLE_MS)
    phone.scan_by_wedge(site.cast.storekeeper.code)
    phone.page.get_by_text("can't go as they are").first.wait_for()
    phone.page.wait_for_timeout(1800)


def entry(phone: Phone) -> None:
    """A number is asked."""
    things = phone.site.things
    phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
    phone.page.get_by_label("How many do you see?").fill("36")


def page_of(path: str) -> Callable[[Phone], None]:
    """Just the page; the names of things stand for their codes."""

    def arrange(phone: Phone) -> None:
        things = phone.site.things
        phone.open(path.format(forklift=things.forklift, drill=things.drill, filter=things.filter,
                               bin=things.bin, dana=phone.site.cast.technician.code))  # fmt: skip

    return arrange


def scan(phone: Phone, code: str, shown: str) -> None:
    """Scan it and wait for the answer."""
    phone.page.wait_for_timeout(SETTLE_MS)
    phone.scan_by_wedge(code)
    phone.shows(shown)


STATES: Final[dict[str, State]] = {
    "idle": State(idle),
    "thing": State(thing),
    "flash": State(flash),
    "green": State(green),
    "amber": State(amber),
    "red": State(red),
    "unknown": State(unknown),
    "no-camera": State(idle, camera="none"),
    "no-permission": State(idle, camera="refused"),
    "batch": State(batch),
    "entry": State(entry),
    "home": State(page_of("/"), role="supervisor"),
    "asset": State(page_of("/assets/{forklift}")),
    "part": State(page_of("/parts/{filter}")),
    "bin": State(page_of("/locations/{bin}")),
    "person": State(page_of("/people/{dana}")),
    "stranger": State(page_of("/S/{drill}"), role=None),
    "sign-in": State(page_of("/sign-in"), role=None),
    "device": State(page_of("/device")),
    "settings": State(page_of("/settings"), role="admin"),
}

if __name__ == "__main__":
    main()
