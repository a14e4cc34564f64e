"""A phone in somebody's hand: what the tests do with it, and every complaint of its browser."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Locator, Page, expect
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser.site import Site

WAIT_MS = 8_000  # how long a loaded machine may take for one answer
OPEN_MS = 30_000  # and for a page with all its files
TAP_MS = 1_000  # then the button may be another one
KEY_GAP_S = 0.004

# Content security violations are told on the console, so that nothing has to be asked afterwards.
WATCH = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`refused by the policy: ${event.violatedDirective} ${event.blockedURI}`));
window.taps = 0;
addEventListener("pointerdown", () => {
  sessionStorage.setItem("touches", Number(sessionStorage.getItem("touches") ?? 0) + 1);
}, { capture: true });
for (const kind of ["pointerdown", "keydown"])
  addEventListener(kind, () => { window.taps += 1; }, { capture: true });
"""

# A loaded machine can stall between two keys for longer than the pause that ends a scan.
WAIT_FOR_KEYS = """() => {
  if (window.pauseNow) return;
  const wait = window.setTimeout;
  let paused = () => {};
  window.pauseNow = () => paused();
  window.setTimeout = (done, ms, ...given) => {
    const isPause = window.event instanceof KeyboardEvent && ms === 400;
    if (isPause) paused = done;
    return wait(done, isPause ? 8000 : ms, ...given);
  };
}"""
# With it the two seconds rest for which the page says that something was scanned already: a loaded
# machine may take longer to look.
STOP_THE_CLOCK = """(later_ms) => {
  const now_ms = Date.now() + later_ms;
  Date.now = () => now_ms;
  window.moveOn?.();
  const wait = window.setTimeout;
  const held = [];
  window.moveOn = () => held.splice(0).forEach((done) => done());
  window.setTimeout = (done, ms, ...given) => {
    if (ms !== 2000) return wait(done, ms, ...given);
    held.push(done);
    return 0;
  };
  return now_ms;
}"""

expect.set_options(timeout=WAIT_MS)


@dataclass
class Phone:
    """One page of one browser; `troubles` must be empty at the end of the test."""

    page: Page
    site: Site
    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    loses_network: bool = False  # then requests without an answer are no trouble

    def __post_init__(self) -> None:
        self.page.set_default_timeout(WAIT_MS)
        self.page.set_default_navigation_timeout(OPEN_MS)
        self.page.add_init_script(WATCH)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"{error}"))

    def expects(self, *statuses: int) -> None:
        """Answers of these statuses are part of the test: the browser may complain of them."""
        self.expected.update(statuses)

    def open(self, path: str = "/scan") -> None:
        """Open a page of the site; its scripts have run when this returns."""
        self.page.goto(self.site.url + path)

    def keeps_app(self) -> None:
        """Wait until this phone has kept the app, which are all of its files."""
        html = self.page.locator("html")
        expect(html).to_have_attribute("data-worker", "ready", timeout=OPEN_MS)

    def scan_by_wedge(self, text: str) -> None:
        """What a keyboard scanner sends: a burst of keys, then Enter.

        Each key carries its own time, so a busy machine does not make the scanner slow.
        """
        self.wait_for_keys()
        keys = self.page.context.new_cdp_session(self.page)
        start_s = time.time()
        for index, sign in enumerate([*text, "\r"]):
            key = {
                "key": "Enter" if sign == "\r" else sign,
                "text": sign,
                "timestamp": start_s + index * KEY_GAP_S,
            }
            keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **key})
            keys.send("Input.dispatchKeyEvent", {**key, "type": "keyUp", "text": ""})
        keys.detach()

    def wait_for_keys(self) -> None:
        """From now on a scan on this page ends by its last key, or by `pause_after_keys`."""
        self.page.wait_for_load_state()  # a tap may have opened it: by then its scripts have run
        self.page.evaluate(WAIT_FOR_KEYS)

    def pause_after_keys(self) -> None:
        """The pause in which no key comes is over."""
        self.page.evaluate("window.pauseNow()")

    def stop_the_clock(self, later_ms: int = 0) -> None:
        """Keep the time of day as it is, or later, here and on later pages; timers run.

        But for one: "Already scanned" stands until the clock is moved on.
        """
        self.page.wait_for_load_state()
        # Not Playwright's clock: it would also replace the times that the keys carry.
        now_ms = self.page.evaluate(STOP_THE_CLOCK, later_ms)
        self.page.add_init_script(f"Date.now = () => {now_ms};")

    def scan_by_typing(self, text: str) -> None:
        """Open the field by its button where scripts run, type the code and go."""
        self.open_code_field().fill(text)
        self.page.get_by_role("button", name="Go").click()

    def open_code_field(self) -> Locator:
        """The field for a typed code, opened by one of its buttons unless it is open.

        Which button shows depends on the camera, so one can hide while it is being tapped.
        """
        field = self.page.get_by_label("Code", exact=True)
        button = self.page.locator("label[for=typing]:visible")
        until_s = time.monotonic() + WAIT_MS / 1000
        while time.monotonic() < until_s:
            expect(field.or_(button).first).to_be_visible()
            if field.is_visible():
                break
            with suppress(TookTooLong):
                button.first.click(timeout=TAP_MS)
        expect(field).to_be_visible()
        return field

    def tap(self, name: str | re.Pattern[str]) -> None:
        """Tap the button or link of that name, once scripts have run and nothing covers it."""
        self.page.wait_for_load_state()
        button, link = (self.page.get_by_role(role, name=name) for role in ("button", "link"))
        button.or_(link).first.click()

    def sign_in(self, username: str, password: str) -> None:
        """Fill in the sign-in form."""
        self.page.get_by_label("Sign-in name").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()

    @property
    def result(self) -> Locator:
        """The answer to the last scan, in its place below the camera."""
        return self.page.locator("scan-result > .result")

    def shows(self, *texts: str) -> None:
        """Wait until the answer has these texts in it."""
        for text in texts:
            expect(self.result).to_contain_text(text)

    def reads(self, before: str, after: str) -> None:
        """Wait until the answer's readout goes from one figure to the other."""
        expect(self.result.locator(".readout").first).to_have_text(
            re.compile(rf"^\s*{re.escape(before)}\s*to\s*{re.escape(after)}\s")
        )

    def shows_in_all(self, *texts: str) -> None:
        """Wait until the screen below the camera has these texts in it."""
        for text in texts:
            expect(self.page.locator("#stage")).to_contain_text(text)

    @property
    def taps(self) -> int:
        """Taps and keys since the page was opened."""
        return int(self.page.evaluate("window.taps"))

    @property
    def touches(self) -> int:
        """Taps alone, over all pages so far: what a thumb did, without a scanner's keys."""
        return int(self.page.evaluate("Number(sessionStorage.getItem('touches') ?? 0)"))

    def _hear(self, message: ConsoleMessage) -> None:
        status = re.search(r"responded with a status of (\d+)", message.text)
        if status and int(status[1]) in self.expected:
            return
        lost = ("net::ERR_", "Failed to fetch", "NetworkError", "htmx:error: timeout")
        decoder = ("falling back", " wasm: ")  # the network went while it was loading
        lost += decoder
        if self.loses_network and any(words in message.text for words in lost):
            return
        if message.type == "error":
            self.troubles.append(f"{message.text} ({message.location.get('url')})")
