"""The pictures in docs/: `python -m bench.pictures` takes them anew from the running application.

A printed label is held before Chromium's camera, so what they show was scanned, not clicked.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image
from playwright.sync_api import Page, Playwright, Route, sync_playwright

from bench.camera import PHONE_SIZE, chromium
from stockscan.store.db import migrate
from tests.browser.camera import (
    FRAMES_PER_S,
    HEIGHT_PX,
    POSES_PER_S,
    WIDTH_PX,
    Scene,
    camera_arguments,
    draw_shelf,
    scene_pictures,
)
from tests.browser.site import Site, running_site
from tests.shop import Shop

FOLDER: Final = Path(__file__).parent.parent / "docs"
COLOURS: Final = 64
HELD_S: Final = 8.0


@dataclass(frozen=True, slots=True)
class Shot:
    """The page, the label before its camera, and what the screen says when it is taken."""

    name: str
    address: str
    label: str
    says: str


def main() -> None:
    """Take the pictures."""
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        address = f"sqlite:///{temporary}/pictures.db"
        migrate(address)
        with running_site(address, Path(temporary, "data")) as site:
            for shot in arrange(site):
                take(site, playwright, shot, Path(temporary, f"{shot.name}.mjpeg"))


def arrange(site: Site) -> Sequence[Shot]:
    """Somebody has the drill; the rest is as on the first day."""
    things, cast = site.things, site.cast
    now = datetime.now(UTC)
    due_on = (now + timedelta(days=3)).date().isoformat()
    with site.app.app_context():
        shop = Shop(cast, now_us=round((now - timedelta(days=1)).timestamp()) * 1_000_000)
        shop.ok("check_out", by=cast.technician, asset=things.drill,
                to_person=cast.technician.code, due_on=due_on)  # fmt: skip
    many = f"{things.drill}.{things.forklift}.{things.filter}"
    return (
        Shot("scan-idle", "/scan", things.filter, "Look up"),
        Shot("scan", f"/scan?mode=install&on={things.forklift}", things.filter, "Installed"),
        Shot("scan-attention", f"/scan?mode=check_out&on={things.drill}", cast.viewer.code,
             "Already out"),
        Shot("offline", f"/scan?mode=install&on={things.forklift}", things.filter, "Safe on this"),
        Shot("scan-several", f"/scan?mode=collect&many={many}", cast.storekeeper.code, "can't go"),
    )  # fmt: skip


def take(site: Site, playwright: Playwright, shot: Shot, video: Path) -> None:
    """One picture, written to docs/."""
    [label] = site.printed_labels(shot.label)
    film(video, label)
    browser = playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", *camera_arguments(video)]
    )
    context = browser.new_context(
        viewport=PHONE_SIZE, color_scheme="light", permissions=["camera"], reduced_motion="reduce"
    )
    site.let_in(site.cast.storekeeper, context)
    page = context.new_page()
    if shot.name == "scan-idle":
        page.route("**/scans", hold)
    if shot.name == "offline":
        page.route(re.compile("/(scans|operations)$"), lose)
    page.goto(site.url + shot.address)
    page.locator(".finder[data-state=live]").wait_for()
    page.locator("#stage").get_by_text(shot.says).first.wait_for()
    settle(page)
    save(page.screenshot(), FOLDER / f"{shot.name}.png")
    browser.close()


def film(video: Path, label: Image.Image) -> None:
    """The label in a hand; without grain, which would be most of a picture's bytes."""
    random = np.random.default_rng(1)
    no_noise = np.zeros((1, HEIGHT_PX, WIDTH_PX), dtype=np.float32)
    poses = scene_pictures(Scene(label, HELD_S), draw_shelf(random), no_noise, random)
    video.write_bytes(b"".join(pose * (FRAMES_PER_S // POSES_PER_S) for pose in poses))


def hold(_route: Route) -> None:
    """The camera has read the label; its answer never comes, so the screen stays as it was."""


def lose(route: Route) -> None:
    """A network that is gone, but not before the phone had the catalogue."""
    time.sleep(3)
    route.abort()


def settle(page: Page) -> None:
    """The flash is over and the camera's picture is there."""
    page.locator(".flash").wait_for(state="detached")
    page.wait_for_timeout(600)


def save(picture: bytes, path: Path) -> None:
    """A small PNG with a palette."""
    colours = Image.open(BytesIO(picture)).convert("RGB")
    colours.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
