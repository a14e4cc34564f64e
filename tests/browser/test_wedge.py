"""Keyboard scanners: heard on every page at any speed, and never mistaken for a person's typing."""

import time
from dataclasses import dataclass

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPhone
from tests.browser.phone import Phone
from tests.browser.site import Site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

REPEAT_MS = 2000
PAUSE_MS = 500  # longer than the pause that ends a scan without an end
HEARD = """
window.heard = [];
document.addEventListener("scan-read", (event) => window.heard.push(event.detail));
"""
GS, RS, EOT = "\x1d", "\x1e", "\x04"
CONTROL_KEYS = {GS: "]", RS: "^", EOT: "d"}
CTRL = 2


@dataclass(frozen=True)
class Rhythm:
    """How long after one another keys go down, and how long each stays down, in milliseconds."""

    gap_ms: float
    held_ms: float


SCANNERS = [Rhythm(gap, gap / 2) for gap in (1, 4, 10, 15, 20, 30, 40)]
# A finger stays on its key for about 90 ms: the faster the hand, the more keys overlap. A
# typist who lifts each finger before the next key, at 25 ms, is beyond any record.
PEOPLE = [Rhythm(gap, 90) for gap in (25, 35, 50, 80, 120, 200)] + [Rhythm(25, 24)]
SCANNER = SCANNERS[1]


def press(phone: Phone, text: str, rhythm: Rhythm, *ends: str) -> None:
    """Type as somebody or something with this rhythm does; without an end a pause follows.

    Each key carries its own time, so a busy machine does not change the rhythm.
    """
    moments = []
    for index, sign in enumerate([*text, *ends]):
        down_ms = index * rhythm.gap_ms
        moments.append((down_ms, "keyDown", sign))
        moments.append((down_ms + rhythm.held_ms, "keyUp", sign))
    moments.sort(key=lambda moment: moment[0])
    phone.wait_for_keys()
    start_s = time.time() - moments[-1][0] / 1000
    keys = phone.page.context.new_cdp_session(phone.page)
    for moment_ms, kind, sign in moments:
        keys.send(
            "Input.dispatchKeyEvent",
            {"type": kind, "timestamp": start_s + moment_ms / 1000, **key_of(sign, kind)},
        )
    keys.detach()
    if not ends:
        phone.pause_after_keys()


def key_of(sign: str, kind: str) -> dict[str, object]:
    """What Chromium wants to be told of a key."""
    if sign in CONTROL_KEYS:
        return {"key": CONTROL_KEYS[sign], "code": f"Ctrl {sign!r}", "modifiers": CTRL}
    if sign == "Tab":
        return {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}
    text = "\r" if sign == "Enter" else sign
    return {"key": sign, "code": f"Key {sign}", "text": text if kind == "keyDown" else ""}


def by_speed(rhythms: list[Rhythm]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "rhythm", rhythms, ids=[f"{one.gap_ms}-{one.held_ms}" for one in rhythms]
    )


@pytest.fixture
def phone(site: Site, open_phone: OpenPhone) -> Phone:
    """Marco's phone; what is scanned is kept in `window.heard`."""
    phone = open_phone(site.cast.storekeeper)
    phone.expects(422)
    phone.page.add_init_script(HEARD)
    return phone


def heard(phone: Phone) -> list[str]:
    """What was scanned on this page so far."""
    return [read["text"] for read in phone.page.evaluate("window.heard")]


def new_place(phone: Phone) -> None:
    """Open a form with several text fields and stand in its first one."""
    phone.open("/locations/new")
    phone.page.get_by_label("Name").focus()


@by_speed(SCANNERS)
def test_a_scanner_is_heard_without_a_field(phone: Phone, site: Site, rhythm: Rhythm) -> None:
    phone.open()
    press(phone, site.things.drill, rhythm, "Enter")
    phone.shows("Hammer drill TE 30")
    (read,) = phone.page.evaluate("window.heard")
    assert (read["text"], read["way"], read["format"]) == (site.things.drill, "keys", "keys")


@by_speed(PEOPLE)
def test_a_person_types_and_sends(phone: Phone, rhythm: Rhythm) -> None:
    new_place(phone)
    press(phone, "Shelf B-04", rhythm, "Enter")
    phone.page.wait_for_url(lambda url: not url.endswith("/new"))
    phone.page.get_by_role("heading", name="Shelf B-04").first.wait_for()


@by_speed(PEOPLE)
def test_a_person_types_a_quantity(phone: Phone, site: Site, rhythm: Rhythm) -> None:
    things = site.things
    phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
    field = phone.page.get_by_label("How many do you see?")
    field.focus()
    press(phone, "1234", rhythm)
    expect(field).to_have_value("1234")
    assert heard(phone) == []


@by_speed(PEOPLE)
def test_a_person_types_without_a_field(phone: Phone, rhythm: Rhythm) -> None:
    phone.open()
    press(phone, "7K3QX9A", rhythm, "Enter")
    phone.pause_after_keys()
    assert heard(phone) == []


def test_a_key_held_down_is_no_scanner(phone: Phone) -> None:
    phone.open()
    phone.wait_for_keys()
    keys = phone.page.context.new_cdp_session(phone.page)
    now_s = time.time()
    for index in range(8):
        key = {"key": "1", "text": "1", "autoRepeat": index > 0}
        keys.send(
            "Input.dispatchKeyEvent",
            {"type": "keyDown", **key, "timestamp": now_s + index * 0.03},
        )
    phone.pause_after_keys()
    assert heard(phone) == []


@pytest.mark.parametrize("ends", [("Enter",), ("Tab",), ("Enter", "Enter"), ("Enter", "Tab")])
def test_a_scan_fills_a_text_field_and_goes_on(phone: Phone, ends: tuple[str, ...]) -> None:
    new_place(phone)
    phone.page.keyboard.type("Shelf ", delay=60)
    phone.page.wait_for_timeout(PAUSE_MS)  # to take up the scanner
    press(phone, "B-12-3", SCANNER, *ends)
    expect(phone.page.get_by_label("Name")).to_have_value("Shelf B-12-3")
    expect(phone.page.get_by_label("Name")).not_to_be_focused()
    assert phone.page.evaluate("document.activeElement.form !== null")
    assert phone.page.url.endswith("/locations/new")
    assert heard(phone) == []


def test_a_scan_without_an_end_fills_a_text_field(phone: Phone) -> None:
    new_place(phone)
    press(phone, f"B-12{GS}34", SCANNER)
    expect(phone.page.get_by_label("Name")).to_have_value(f"B-12{GS}34")
    expect(phone.page.get_by_label("Name")).to_be_focused()


@pytest.mark.parametrize("ends", [("Enter",), ("Tab",), ()], ids=["Enter", "Tab", "none"])
def test_every_end_will_do(phone: Phone, site: Site, ends: tuple[str, ...]) -> None:
    phone.open()
    press(phone, site.things.drill, SCANNER, *ends)
    phone.shows("Hammer drill TE 30")


def test_a_scan_into_a_quantity_is_the_next_scan(phone: Phone, site: Site) -> None:
    things = site.things
    phone.open(f"/scan?mode=count&on={things.bin}&part={things.filter}&act=count")
    field = phone.page.get_by_label("How many do you see?")
    field.focus()
    phone.page.keyboard.type("40", delay=90)
    phone.page.wait_for_timeout(PAUSE_MS)  # to take up the scanner
    phone.page.evaluate("addEventListener('scan-read', (event) => event.stopPropagation(), true)")
    press(phone, things.drill, SCANNER, "Enter")
    expect(field).to_have_value("40")


def test_a_scan_into_the_code_field_is_a_scan(phone: Phone, site: Site) -> None:
    phone.open()
    field = phone.open_code_field()
    expect(field).to_be_focused()
    press(phone, site.things.drill, SCANNER, "Enter")
    phone.shows("Hammer drill TE 30")
    assert heard(phone) == [site.things.drill]
    expect(field).to_have_value("")


def test_a_scan_presses_no_button(phone: Phone) -> None:
    phone.open()
    again = phone.page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    again.focus()
    phone.page.evaluate("addEventListener('click', () => window.heard.push({text: 'pressed'}))")
    press(phone, "AB 12 CD", SCANNER, "Enter", "Enter")
    phone.shows("Not known here")
    assert heard(phone) == ["AB 12 CD"]


def test_control_characters_of_a_label_are_kept(phone: Phone) -> None:
    phone.open()
    distributor = f"[)>{RS}06{GS}PHF-712{GS}Q25{RS}{EOT}"
    press(phone, distributor, SCANNER, "Enter")
    phone.page.wait_for_function("() => window.heard.length === 1")
    assert heard(phone) == [distributor]
    press(phone, f"]d20104006381333931{GS}10AB", SCANNER, "Enter")
    phone.page.wait_for_function("() => window.heard.length === 2")
    assert heard(phone)[1] == f"]d20104006381333931{GS}10AB"


def test_a_command_by_keyboard_is_no_scan(phone: Phone) -> None:
    phone.open()
    press(phone, GS * 8, Rhythm(90, 40), "Enter")
    assert heard(phone) == []


def test_a_list_of_serials_is_left_alone(phone: Phone) -> None:
    phone.open()
    phone.page.evaluate(
        "document.body.append(document.createElement('textarea'));"
        "document.querySelector('textarea:last-of-type').focus()"
    )
    for serial in ("SN-1001", "SN-1002"):
        press(phone, serial, SCANNER, "Enter")
    expect(phone.page.locator("body > textarea")).to_have_value("SN-1001\nSN-1002\n")
    assert heard(phone) == []


def test_the_same_within_two_seconds_counts_once(phone: Phone, site: Site) -> None:
    phone.open()
    code = site.things.drill
    phone.stop_the_clock()
    press(phone, code, SCANNER, "Enter")
    press(phone, code, SCANNER, "Enter")
    expect(phone.page.locator("#toast")).to_contain_text("Already scanned")
    assert heard(phone) == [code]
    phone.stop_the_clock(later_ms=REPEAT_MS)
    expect(phone.page.locator("#toast")).not_to_contain_text("Already scanned")
    press(phone, code, SCANNER, "Enter")
    assert heard(phone) == [code, code]


def test_an_answer_does_not_wipe_that_it_was_scanned_already(phone: Phone, site: Site) -> None:
    phone.open()
    phone.stop_the_clock()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    phone.page.route("**/scans", hold)
    with phone.page.expect_request("**/scans"):
        press(phone, site.things.drill, SCANNER, "Enter")
    press(phone, site.things.drill, SCANNER, "Enter")
    expect(phone.page.locator("#toast")).to_contain_text("Already scanned")
    held[0].continue_()
    phone.shows("Hammer drill TE 30")
    expect(phone.page.locator("#toast")).to_contain_text("Already scanned")


def test_the_same_after_a_tap_is_meant(phone: Phone, site: Site) -> None:
    phone.open()
    press(phone, site.things.drill, SCANNER, "Enter")
    phone.shows("Hammer drill TE 30")
    phone.page.locator("#main").click()
    press(phone, site.things.drill, SCANNER, "Enter")
    assert len(heard(phone)) == 2


def test_the_same_counts_once_on_the_page_it_opened(phone: Phone, site: Site) -> None:
    phone.open(f"/assets/{site.things.forklift}")
    phone.stop_the_clock()
    press(phone, site.things.filter, SCANNER, "Enter")
    phone.page.wait_for_url("**/scan?**")
    press(phone, site.things.filter, SCANNER, "Enter")
    phone.shows("Installed")
    assert site.on_hand(site.things.filter) == 39


def test_a_scan_on_the_page_of_a_thing_acts_on_it(phone: Phone, site: Site) -> None:
    phone.open(f"/assets/{site.things.forklift}")
    press(phone, site.things.filter, SCANNER, "Enter")
    phone.page.wait_for_url("**/scan?**")
    phone.shows("Installed", "Oil filter W 712")
    phone.reads("40", "39")
    assert site.movements()[0][3] == site.asset_id(site.things.forklift)


@pytest.mark.parametrize("path", ["/", "/parts", "/counts"])
def test_a_scan_on_any_other_page_opens_the_thing(phone: Phone, site: Site, path: str) -> None:
    phone.open(path)
    press(phone, site.things.drill, SCANNER, "Enter")
    phone.page.wait_for_url(f"**/assets/{site.things.drill}")


def test_a_scan_leaves_no_page_that_is_being_filled_in(phone: Phone, site: Site) -> None:
    new_place(phone)
    phone.page.get_by_label("Name").fill("Shelf B-04")
    phone.page.get_by_label("Name").blur()
    press(phone, site.things.drill, SCANNER, "Enter")
    expect(phone.page.locator("#toast")).to_contain_text("This page is not saved yet")
    expect(phone.page.get_by_label("Name")).to_have_value("Shelf B-04")


def test_a_code_of_4096_characters_is_whole(phone: Phone) -> None:
    phone.open()
    phone.page.evaluate(
        """() => import(document.querySelector("script[type=module]").src.replace("app.js",
             "scan-read.js")).then(({emitScanRead}) => {
               for (const text of ["x".repeat(4096), "y".repeat(5000)])
                 emitScanRead(document.querySelector("wedge-keys"),
                   {text, format: "QRCode", way: "photo"}); })"""
    )
    assert [len(text) for text in heard(phone)] == [4096, 4097]  # the server refuses the longer one
