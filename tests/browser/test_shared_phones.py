"""A phone that people share, in their hands: badge, PIN by taps, hand-over, and the lock."""

import io

import pytest
from playwright.sync_api import FilePayload, Route, expect

from tests.badges import PIN, badge_of, cut_out, give_pin, printed_badge, share
from tests.browser.camera import Scene
from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site
from tests.browser.test_accessibility import check
from tests.cast import Player

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

# Everything that a page may keep, but cookies.
KEPT = (
    "() => JSON.stringify([{...sessionStorage}, {...localStorage}, location.href, history.state])"
)


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """The shared phone of the tool crib, with nobody signed in."""
    phone = open_phone()
    with site.app.app_context():
        secret = share(site.cast)
    keep_device(phone, site, secret)
    return phone


def keep_device(phone: Phone, site: Site, secret: str) -> None:
    """Let this phone be the shared one with that secret."""
    cookie = {"name": "stockscan-device", "value": secret, "url": site.url}
    phone.page.context.add_cookies([cookie])  # type: ignore[list-item]


def badge(site: Site, player: Player, *, with_pin: bool = False) -> str:
    """A new badge of this person."""
    with site.app.app_context():
        if with_pin:
            give_pin(player)
        return badge_of(player)


def enter(phone: Phone, pin: str = PIN) -> None:
    """Tap the digits of a PIN and go, once the keys work."""
    phone.page.wait_for_load_state()
    for digit in pin:
        phone.page.get_by_role("button", name=digit, exact=True).click()
    phone.page.locator(".key.next").click()


def acts(phone: Phone, player: Player) -> None:
    """Wait until the scan screen says that this person acts, and its scripts have run."""
    expect(phone.page.get_by_role("heading", level=1)).to_contain_text(player.name)
    phone.page.wait_for_load_state()


def test_a_badge_signs_in_by_a_hand_scanner(phone: Phone, site: Site) -> None:
    secret = badge(site, site.cast.technician)
    phone.open("/scan")
    expect(phone.page.locator("h1")).to_contain_text("Phone 3")
    check(phone)
    phone.scan_by_wedge(secret)
    acts(phone, site.cast.technician)
    assert secret[5:20] not in phone.page.evaluate(KEPT)


def test_a_badge_scanned_into_the_name_signs_in_too(site: Site, open_phone: OpenPhone) -> None:
    phone = open_phone()
    secret = badge(site, site.cast.technician, with_pin=True)
    phone.open("/sign-in")
    phone.scan_by_wedge(secret)
    expect(phone.page.locator(".people")).to_contain_text("Dana")
    enter(phone)
    expect(phone.page.locator("h1")).to_contain_text(site.cast.technician.name)


def test_a_badge_signs_in_by_the_camera_and_by_a_photo(site: Site, open_phone: OpenPhone) -> None:
    with site.app.app_context():
        secret = share(site.cast)
        printed = printed_badge(site.cast.technician)
    picture, photo = cut_out(printed), io.BytesIO()
    picture.save(photo, "PNG")
    for camera in ([Scene(None, 0.7), Scene(picture, 4)], []):
        phone = open_phone(camera=camera)
        keep_device(phone, site, secret)
        phone.open("/scan")
        if not camera:
            file: FilePayload = {
                "name": "b.png",
                "mimeType": "image/png",
                "buffer": photo.getvalue(),
            }
            phone.page.locator("photo-scan input").set_input_files(file)
        acts(phone, site.cast.technician)
        assert phone.taps == 0


def test_a_dead_badge_that_stays_before_the_camera_is_sent_once(
    site: Site, open_phone: OpenPhone
) -> None:
    with site.app.app_context():
        secret = share(site.cast)
        old = cut_out(printed_badge(site.cast.technician))
        badge_of(site.cast.technician)
    phone = open_phone(camera=[Scene(old, 3)])
    keep_device(phone, site, secret)
    phone.expects(422)
    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.method + request.url))
    phone.stop_the_clock()  # however long the next page takes to look
    phone.open("/sign-in")
    expect(phone.page.get_by_role("alert")).to_contain_text("not valid any more")
    phone.page.wait_for_function("() => performance.getEntriesByName('scan:first-frame').length")
    phone.page.wait_for_timeout(2500)
    assert len([one for one in sent if one.startswith("POST")]) == 1


def test_a_touch_in_another_tab_keeps_the_phone_unlocked(phone: Phone, site: Site) -> None:
    phone.open("/scan")
    phone.scan_by_wedge(badge(site, site.cast.technician))
    acts(phone, site.cast.technician)
    # A touch by the later clock, said from the start: between the two nobody may look.
    phone.page.evaluate("localStorage.setItem('stockscan.touched', Date.now() + 5 * 60_000)")
    phone.page.wait_for_timeout(300)
    phone.stop_the_clock(later_ms=5 * 60_000)
    phone.page.wait_for_timeout(2500)
    acts(phone, site.cast.technician)


def test_a_label_is_no_badge(phone: Phone, site: Site) -> None:
    phone.open("/sign-in")
    phone.scan_by_wedge(site.things.drill)
    expect(phone.page.locator("#toast")).to_contain_text("That is no sign-in badge.")


def test_another_badge_hands_the_phone_over(phone: Phone, site: Site) -> None:
    dana, marco = badge(site, site.cast.technician), badge(site, site.cast.storekeeper)
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    phone.open("/scan")
    phone.scan_by_wedge(dana)
    acts(phone, site.cast.technician)
    phone.scan_by_wedge(site.things.forklift)
    phone.shows_in_all("Forklift Linde E20")
    phone.scan_by_wedge(marco)
    acts(phone, site.cast.storekeeper)
    expect(phone.page.locator("#stage")).to_have_attribute("data-state", "idle")
    kept = phone.page.evaluate(KEPT)
    assert not any(secret[5:20] in kept for secret in (dana, marco))


def test_a_badge_typed_as_a_code_signs_in_and_is_looked_up_nowhere(
    phone: Phone, site: Site
) -> None:
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    dana, marco = badge(site, site.cast.technician), badge(site, site.cast.storekeeper)
    phone.open("/scan")
    phone.scan_by_wedge(dana)
    acts(phone, site.cast.technician)
    asked: list[str] = []
    phone.page.on("request", lambda request: asked.append(request.url))
    phone.scan_by_typing(marco)
    acts(phone, site.cast.storekeeper)
    assert not any(marco[5:20] in address for address in asked)


def test_a_pin_is_entered_by_taps_alone(phone: Phone, site: Site) -> None:
    secret = badge(site, site.cast.supervisor, with_pin=True)
    phone.expects(422)
    phone.open("/scan")
    phone.scan_by_wedge(secret)
    expect(phone.page.locator(".people")).to_contain_text("Ines")
    enter(phone, "864209")
    expect(phone.page.get_by_role("alert")).to_contain_text("Wrong PIN.")
    check(phone)
    enter(phone)
    acts(phone, site.cast.supervisor)
    assert phone.touches == 14


def test_a_phone_that_nobody_touches_locks_and_its_person_goes_on(phone: Phone, site: Site) -> None:
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    secret = badge(site, site.cast.technician, with_pin=True)
    phone.open(f"/scan?mode=install&on={site.things.forklift}")
    phone.scan_by_wedge(secret)
    phone.shows_in_all("Forklift Linde E20")
    phone.stop_the_clock(later_ms=5 * 60_000)
    phone.page.wait_for_url("**/sign-in/pin?**")
    expect(phone.page.locator(".chip")).to_contain_text("Locked")
    enter(phone)
    acts(phone, site.cast.technician)
    phone.shows_in_all("Forklift Linde E20")


def test_nobody_is_locked_out_where_the_server_is_out_of_reach(phone: Phone, site: Site) -> None:
    secret = badge(site, site.cast.technician)
    phone.open("/scan")
    phone.scan_by_wedge(secret)
    acts(phone, site.cast.technician)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/api/v1/me", hold)
    phone.troubles.clear()
    phone.stop_the_clock(later_ms=5 * 60_000)
    expect(phone.page.locator("body")).to_have_attribute("data-covered", "")
    phone.page.route("**/api/v1/me", lambda route: route.abort())
    for route in held:
        route.abort()
    expect(phone.page.locator("body")).not_to_have_attribute("data-covered", "")
    acts(phone, site.cast.technician)
    phone.scan_by_wedge(secret)
    expect(phone.page.locator("#toast")).to_contain_text("no badge can sign in")
    phone.troubles[:] = [text for text in phone.troubles if "ERR_FAILED" not in text]


def test_hand_over_leads_to_the_badge(phone: Phone, site: Site) -> None:
    phone.expects(401)  # what the phone asks for meanwhile finds the session over
    secret = badge(site, site.cast.technician, with_pin=True)
    phone.open("/")
    phone.scan_by_wedge(secret)
    phone.tap("Hand over")
    expect(phone.page.locator(".people")).to_contain_text("Dana")
    enter(phone)
    expect(phone.page.locator("h1")).to_contain_text(site.cast.technician.name)


def test_the_pages_about_sharing_pass_axe(phone: Phone, site: Site) -> None:
    badge(site, site.cast.technician)
    site.let_in(site.cast.admin, phone.page.context)
    for path in ("/devices", "/device", f"/people/{site.cast.technician.code}"):
        phone.open(path)
        check(phone)
