"""The camera as a phone has it: lenses, light, zoom, focus, sleep, interruptions, and none at all.

Chromium's made-up cameras have no torch, zoom or focus, and headless pages are never hidden. Where
a test needs these it adds them to the browser's own objects, before our scripts: the world outside.
"""

import dataclasses
from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.browser.conftest import Launch
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PHONE_SIZE: ViewportSize = {"width": 390, "height": 844}
REST_MS = 121_000
TWO_CAMERAS = "--use-fake-device-for-media-stream=device-count=2"

# What was asked of the camera, and whether two requests ever ran at once.
LISTEN = """
window.asked = []; window.atOnce = 0; let running = 0;
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  window.asked.push(wanted.video);
  window.atOnce = Math.max(window.atOnce, ++running);
  try {
    if (window.refusal) throw new DOMException("no", window.refusal);
    return await open(wanted);
  } finally { running -= 1; }
};
"""
# A lens with everything; what it is told is kept in `window.told`.
GOOD_LENS = """
window.told = [];
const plain = MediaStreamTrack.prototype.getCapabilities;
MediaStreamTrack.prototype.getCapabilities = function () {
  return { ...plain.call(this), torch: true, zoom: { min: 1, max: 2.5, step: 0.1 },
    focusMode: ["continuous", "single-shot"] };
};
MediaStreamTrack.prototype.applyConstraints = async function ({ advanced }) {
  window.told.push(Object.assign({}, ...advanced));
};
"""
# The browser's first choice is the ultra-wide lens, which says so in its name.
WIDE_LENS_FIRST = """
const names = (place) => `camera2 ${place ? "0, facing back" : "2, facing back, ultra wide"}`;
const list = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
navigator.mediaDevices.enumerateDevices = async () => {
  const devices = (await list()).filter((one) => one.kind === "videoinput");
  devices.forEach((one, place) =>
    Object.defineProperty(one, "label", { value: names(place) }));
  return devices;
};
Object.defineProperty(MediaStreamTrack.prototype, "label", { get() {
  return this.getSettings().deviceId === window.wideId ? names(0) : names(1);
} });
const grant = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await grant(wanted);
  window.wideId ??= stream.getVideoTracks()[0].getSettings().deviceId;
  return stream;
};
"""
# Somebody turns to another app, and comes back.
SIGHT = """
window.lookAway = (away) => {
  Object.defineProperty(document, "hidden", { get: () => away, configurable: true });
  if (away) window.locks?.forEach((lock) => lock.release());
  document.dispatchEvent(new Event("visibilitychange"));
};
"""
LOCKS = """
window.locks = [];
WakeLock.prototype.request = async () => {
  const lock = { released: false, release: async () => { lock.released = true; } };
  window.locks.push(lock);
  return lock;
};
"""
# The ring shows for less than a second, which a busy machine may take to look.
SEE_RING = """() => {
  const ring = document.querySelector("scan-camera .ring");
  const look = () => { window.ringSeen ||= ring.checkVisibility(); };
  new MutationObserver(look).observe(ring, { attributes: true });
}"""


class OpenFinder(Protocol):
    """Opens the scan screen in a Chromium with these cameras; `world` runs before our scripts."""

    def __call__(
        self,
        *arguments: str,
        world: str = "",
        allowed: bool = True,
        size: ViewportSize = PHONE_SIZE,
        host: str = "",
    ) -> Phone: ...


@pytest.fixture(scope="module")
def started(launch_windows: Launch) -> Iterator[Launch]:
    """One browser for all finders with these cameras."""
    browsers: dict[tuple[str, ...], Browser] = {}

    def started(*arguments: str) -> Browser:
        if arguments not in browsers:
            browsers[arguments] = launch_windows(*arguments)
        return browsers[arguments]

    yield started
    for browser in browsers.values():
        browser.close()


@pytest.fixture
def open_finder(site: Site, started: Launch) -> Iterator[OpenFinder]:
    """Finders of this test; it fails if a browser complained."""
    phones: list[Phone] = []

    def open_finder(
        *arguments: str,
        world: str = "",
        allowed: bool = True,
        size: ViewportSize = PHONE_SIZE,
        host: str = "",
    ) -> Phone:
        context = started(*arguments).new_context(
            viewport=size,
            permissions=["camera"] if allowed else None,
            service_workers="block",
        )
        there = dataclasses.replace(site, url=site.url.replace("127.0.0.1", host or "127.0.0.1"))
        there.let_in(site.cast.technician, context)
        phones.append(Phone(context.new_page(), there))
        if world:
            phones[-1].page.add_init_script(world)
        phones[-1].open()
        return phones[-1]

    yield open_finder
    for phone in phones:
        phone.page.context.close()
    assert [trouble for phone in phones for trouble in phone.troubles] == []


def is_live(phone: Phone) -> None:
    """Wait until the finder shows a picture."""
    expect(phone.page.locator("scan-camera")).to_have_attribute("data-state", "live")


def says(phone: Phone, cause: str, *sentences: str) -> None:
    """Wait until the finder explains this cause, with the other ways in beside it."""
    finder = phone.page.locator("scan-camera")
    expect(finder).to_have_attribute("data-cause", cause)
    expect(finder.get_by_role("status").locator("visible=true")).to_have_count(1)
    for sentence in sentences:
        expect(finder.get_by_text(sentence, exact=False)).to_be_visible()
    expect(finder.get_by_role("button", name="Try again")).to_be_visible()
    for way in ("Photo", "Type code"):
        box = finder.locator(".ways label", has_text=way).bounding_box()
        assert box is not None
        assert box["height"] >= 64


def told(phone: Phone) -> list[dict[str, Any]]:
    """What the lens was told, oldest first."""
    return list(phone.page.evaluate("window.told"))


def test_the_rear_camera_is_asked_for_once(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN)
    is_live(phone)
    (asked,) = phone.page.evaluate("window.asked")
    assert asked["facingMode"] == "environment"
    for tool in ("Torch", "1×", "3×"):
        expect(phone.page.get_by_role("button", name=tool)).to_be_hidden()


def test_a_switched_lens_is_kept(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN)
    is_live(phone)
    lens = "document.querySelector('video').srcObject?.getVideoTracks()[0].getSettings().deviceId"
    first = phone.page.evaluate(lens)
    phone.tap("Switch camera")
    phone.page.wait_for_function(f"() => {{ const id = {lens}; return id && id !== '{first}'; }}")
    is_live(phone)
    second = phone.page.evaluate(lens)
    assert phone.page.evaluate("window.atOnce") == 1
    phone.page.reload()
    is_live(phone)
    assert phone.page.evaluate("window.asked[0].deviceId") == {"exact": second}
    assert phone.page.evaluate("window.asked.length") == 1


def test_one_lens_needs_no_switch(open_finder: OpenFinder) -> None:
    phone = open_finder("--use-fake-device-for-media-stream=device-count=1")
    is_live(phone)
    expect(phone.page.get_by_role("button", name="Switch camera")).to_be_hidden()


def test_a_kept_lens_that_is_gone_is_forgotten(open_finder: OpenFinder) -> None:
    lost = """if (!sessionStorage.getItem("visited")) {
      sessionStorage.setItem("visited", "1");
      localStorage.setItem("stockscan.camera.lens", "a-lens-of-another-phone");
    }"""
    phone = open_finder(TWO_CAMERAS, world=LISTEN + lost)
    is_live(phone)
    assert [wanted.get("facingMode") for wanted in phone.page.evaluate("window.asked")] == [
        None,
        "environment",
    ]
    assert phone.page.evaluate("localStorage.getItem('stockscan.camera.lens')") is None


def test_an_ultra_wide_lens_gives_way_to_the_main_one(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN + WIDE_LENS_FIRST)
    is_live(phone)
    wide, main = phone.page.evaluate("[window.wideId, window.asked[1].deviceId.exact]")
    assert main != wide
    assert phone.page.evaluate("window.atOnce") == 1
    assert phone.page.evaluate("localStorage.getItem('stockscan.camera.lens')") == main
    phone.page.reload()
    is_live(phone)
    assert phone.page.evaluate("window.asked.length") == 1


def test_torch_and_zoom_of_a_lens_that_has_them(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=GOOD_LENS)
    is_live(phone)
    torch = phone.page.get_by_role("button", name="Torch")
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    phone.tap("2×")
    expect(phone.page.get_by_role("button", name="2×")).to_have_attribute("aria-pressed", "true")
    expect(phone.page.get_by_role("button", name="3×")).to_be_hidden()  # it reaches 2.5 only
    assert told(phone)[-1] == {"torch": True, "zoom": 2, "focusMode": "continuous"}
    phone.page.reload()
    is_live(phone)
    expect(phone.page.get_by_role("button", name="2×")).to_have_attribute("aria-pressed", "true")


def test_a_tap_focuses_there_and_then_follows_again(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=GOOD_LENS)
    is_live(phone)
    phone.page.evaluate(SEE_RING)
    phone.page.locator("video").click(position={"x": 195, "y": 60})
    phone.page.wait_for_function("() => window.ringSeen")
    (shot,) = [one for one in told(phone) if one.get("focusMode") == "single-shot"]
    (point,) = shot["pointsOfInterest"]
    assert point["x"] == pytest.approx(0.5, abs=0.01)
    assert 0 < point["y"] < 0.4
    phone.page.wait_for_function("() => window.told.at(-1).focusMode === 'continuous'")
    expect(phone.page.locator("scan-camera .ring")).to_be_hidden()


def test_a_lens_that_cannot_focus_shows_no_ring(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS)
    is_live(phone)
    phone.page.locator("video").click(position={"x": 195, "y": 60})
    expect(phone.page.locator("scan-camera .ring")).to_be_hidden()


def test_denied_says_how_to_allow_and_starts_once_allowed(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, allowed=False)
    says(phone, "denied", "The camera is not allowed", "Android, Chrome", "iPhone, Safari")
    phone.page.context.grant_permissions(["camera"])
    is_live(phone)
    expect(phone.page.locator("scan-camera .trouble")).to_be_hidden()


@pytest.mark.parametrize(
    "size", [PHONE_SIZE, {"width": 1280, "height": 800}], ids=["phone", "desktop"]
)
def test_no_camera_takes_little_room(open_finder: OpenFinder, size: ViewportSize) -> None:
    phone = open_finder(size=size)
    says(phone, "missing", "No camera here", "keyboard scanner")
    box = phone.page.locator("scan-camera").bounding_box()
    assert box is not None
    assert box["height"] < size["height"] * 0.3
    phone.page.locator("scan-camera label", has_text="Type code").locator("visible=true").click()
    expect(phone.page.get_by_label("Code", exact=True)).to_be_focused()


def test_http_says_what_to_open_instead(site: Site, open_finder: OpenFinder) -> None:
    host = "stores.example"
    known = site.app.config["STOCKSCAN"]
    trusted = known.trusted_hosts | {host}
    site.app.config["STOCKSCAN"] = dataclasses.replace(known, trusted_hosts=trusted)
    phone = open_finder(f"--host-resolver-rules=MAP {host} 127.0.0.1", TWO_CAMERAS, host=host)
    assert not phone.page.evaluate("isSecureContext")
    says(phone, "insecure", "The camera needs https", "begins with https")
    phone.scan_by_wedge(site.things.drill)
    phone.shows("Hammer drill TE 30")
    # Chromium's one complaint: over http it heeds no opener policy.
    phone.troubles[:] = [one for one in phone.troubles if "Opener-Policy" not in one]


def test_a_camera_in_use_can_be_tried_again(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN + "window.refusal = 'NotReadableError';")
    says(phone, "busy", "Another app has the camera")
    phone.page.evaluate("window.refusal = ''")
    phone.tap("Try again")
    is_live(phone)


def test_a_plugged_in_camera_starts_by_itself(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN + "window.refusal = 'NotFoundError';")
    says(phone, "missing", "No camera here")
    phone.page.evaluate(
        "window.refusal = ''; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"
    )
    is_live(phone)


def test_a_browser_that_cannot_decode_says_so(site: Site, started: Launch) -> None:
    context = started(TWO_CAMERAS).new_context(
        viewport=PHONE_SIZE, permissions=["camera"], service_workers="block"
    )
    site.let_in(site.cast.technician, context)
    phone = Phone(context.new_page(), site)
    context.route("**/zxing_reader.wasm", lambda route: route.fulfill(status=404))
    phone.expects(404)
    phone.open()
    says(phone, "broken", "This browser cannot read codes")
    context.close()


def test_a_lost_camera_comes_back_with_the_person(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LISTEN + SIGHT)
    is_live(phone)
    end = (
        "document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    phone.page.evaluate(f"window.lookAway(true); {end}")
    says(phone, "lost", "The camera stopped")
    phone.page.evaluate("window.lookAway(false)")
    is_live(phone)


def test_a_pause_of_the_phone_is_told_and_ends(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS)
    is_live(phone)
    track = "document.querySelector('video').srcObject.getTracks()[0]"
    phone.page.evaluate(f"{track}.dispatchEvent(new Event('mute'))")
    expect(phone.page.locator(".hint")).to_have_text("The phone has paused the camera")
    phone.page.evaluate(f"{track}.dispatchEvent(new Event('unmute'))")
    expect(phone.page.locator(".hint")).to_have_text("Hold a label in the frame")
    is_live(phone)


def test_it_rests_unseen_or_unused_and_wakes(site: Site, open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=SIGHT)
    phone.page.clock.install()
    phone.open()
    is_live(phone)
    phone.page.clock.run_for(REST_MS)
    says(phone, "resting", "The camera is resting")
    assert phone.page.evaluate("document.querySelector('video').srcObject") is None
    phone.tap("Try again")
    is_live(phone)
    phone.page.evaluate("window.lookAway(true)")
    phone.page.clock.run_for(21_000)
    expect(phone.page.locator("scan-camera")).to_have_attribute("data-cause", "resting")
    phone.page.evaluate("window.lookAway(false)")
    is_live(phone)


def test_the_screen_stays_on_while_it_looks(open_finder: OpenFinder) -> None:
    phone = open_finder(TWO_CAMERAS, world=LOCKS + SIGHT)
    is_live(phone)
    held = "window.locks.map((lock) => !lock.released)"
    phone.page.wait_for_function("() => window.locks.length === 1")
    phone.page.evaluate("window.lookAway(true)")
    assert phone.page.evaluate(held) == [False]
    phone.page.evaluate("window.lookAway(false)")
    phone.page.wait_for_function("() => window.locks.length === 2")
    assert phone.page.evaluate(held) == [False, True]
    phone.page.evaluate("document.querySelector('scan-camera').remove()")
    assert phone.page.evaluate(held) == [False, False]
