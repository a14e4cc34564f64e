"""Fixtures of the browser tests: a running site, and phones (with or without a camera) on it."""

from collections.abc import Callable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from tests.browser.camera import Scene, camera_arguments, make_video
from tests.browser.phone import Phone
from tests.browser.site import DATA, Furnished, Site, furnish, running_site
from tests.cast import Player

PHONE_SIZE: ViewportSize = {"width": 390, "height": 844}

# Each phone is a window, whose address bar would load two pages of its own for what it suggests:
# as much work as ours are. The second such switch replaces the driver's, so its own stand here too.
NO_ADDRESS_BAR = "--disable-features=" + ",".join(
    (
        *("WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "PreloadTopChromeWebUI"),
        *("AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose"),
        *("HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter"),
        *("PaintHolding", "ThirdPartyStoragePartitioning", "AvoidCorsURLLoaderRestartOnRedirect"),
        *("OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled", "PreconnectToSearch"),
    )
)
USUAL = ("--no-sandbox", NO_ADDRESS_BAR)

Launch = Callable[..., Browser]


class OpenPhone(Protocol):
    """Opens a phone: signed in as `player`, before its camera the scenes (none: no camera).

    Only one that `keeps_app` lets a service worker in: routes of a test don't see its requests.
    """

    def __call__(
        self,
        player: Player | None = None,
        *,
        camera: Sequence[Scene] = (),
        javascript: bool = True,
        keeps_app: bool = False,
    ) -> Phone: ...


@pytest.fixture(scope="session")
def furnished(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """What each site on SQLite starts with, made once."""
    return furnish(sqlite_template, tmp_path_factory.mktemp("furnished"))


@pytest.fixture
def site(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[Site]:
    """The application on a port and a database of its own."""
    furnished: Furnished | None = None
    if database_url.startswith("sqlite"):
        furnished = request.getfixturevalue("furnished")
        database_url = furnished.copy_to(tmp_path)
    with running_site(database_url, tmp_path / DATA, furnished) as site:
        yield site


@pytest.fixture(scope="session")
def playwright(chromium_path: str, shell_path: str) -> Iterator[Playwright]:
    """The driver of the browsers; they are found first, since finding them may use a driver."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def launch(playwright: Playwright, shell_path: str) -> Launch:
    """Starts a browser with more arguments."""
    return _launcher(playwright, shell_path)


@pytest.fixture(scope="session")
def launch_windows(playwright: Playwright, chromium_path: str) -> Launch:
    """Starts one that also asks people for permission, which the headless shell never does."""
    return _launcher(playwright, chromium_path)


def _launcher(playwright: Playwright, path: str) -> Launch:
    def launch(*arguments: str) -> Browser:
        usual = [*USUAL, "--autoplay-policy=no-user-gesture-required"]
        return playwright.chromium.launch(executable_path=path, args=[*usual, *arguments])

    return launch


@pytest.fixture(scope="session")
def no_camera(launch: Launch) -> Iterator[Browser]:
    """The one browser of all phones that have no camera."""
    browser = launch()
    yield browser
    browser.close()


@pytest.fixture
def open_phone(
    site: Site, no_camera: Browser, launch: Launch, tmp_path: Path
) -> Iterator[OpenPhone]:
    """Phones of this test. It fails if a browser complained: errors, exceptions, the policy."""
    phones: list[Phone] = []
    things_to_close: list[BrowserContext | Browser] = []
    numbers = count(1)

    def open_phone(
        player: Player | None = None,
        *,
        camera: Sequence[Scene] = (),
        javascript: bool = True,
        keeps_app: bool = False,
    ) -> Phone:
        browser = no_camera
        if camera:
            video = make_video(tmp_path / f"{next(numbers)}.mjpeg", camera, seed=1)
            browser = launch(*camera_arguments(video))
            things_to_close.append(browser)
        context = browser.new_context(
            viewport=PHONE_SIZE,
            java_script_enabled=javascript,
            service_workers="allow" if keeps_app else "block",
        )
        things_to_close.append(context)
        if player is not None:
            site.let_in(player, context)
        phones.append(Phone(context.new_page(), site))
        return phones[-1]

    yield open_phone
    for thing in reversed(things_to_close):
        thing.close()
    for video in tmp_path.glob("*.mjpeg"):
        video.unlink()
    assert [trouble for phone in phones for trouble in phone.troubles] == []
