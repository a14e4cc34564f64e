/**
 * <idle-lock data-idle-s>: locks a shared phone that nobody touches, in whichever tab. The server
 * locks by itself too; where it can't be reached nobody is shut out: what is scanned stays bound to
 * the person.
 */
import { clearNotice, shownNotice, showNotice } from "./notice.js";

const TOUCHES = ["pointerdown", "keydown", "scan-read"];
const LOOK_MS = 1000;
const AGAIN_MS = 30_000; // after a lock that the server did not hear
const PINGS = 4; // while somebody works through the time of rest
const PATIENCE_MS = 4000; // for the server's answer, before the screen is shown again
const WARN_MS = 30_000; // before the lock: what is typed and not saved would be gone
const TELL_MS = 1000; // how often other tabs hear of a touch
const STORED = "stockscan.touched"; // one for all tabs; a resting tab misses messages
const WARNING = "This phone locks in half a minute. Touch it to go on.";

class IdleLock extends HTMLElement {
  #life = new AbortController();
  #touched_ms = 0;
  #told_ms = 0;
  #pinged_ms = 0;
  #timer = 0;
  #warned = false;
  #locking = false;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const touch = () => this.#touch();
    for (const kind of TOUCHES) addEventListener(kind, touch, { signal, capture: true });
    // Timers rest while a phone sleeps: it looks as soon as somebody wakes it.
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    this.#pinged_ms = Date.now();
    touch();
    this.#timer = window.setInterval(() => this.#look(), LOOK_MS);
  }

  disconnectedCallback() {
    this.#life.abort();
    clearInterval(this.#timer);
  }

  #touch() {
    if (this.#locking) return;
    this.#touched_ms = Date.now();
    if (Math.abs(this.#touched_ms - this.#told_ms) < TELL_MS) return;
    this.#told_ms = this.#touched_ms;
    tellTabs(this.#touched_ms);
  }

  #look() {
    if (this.#locking) return;
    const now_ms = Date.now();
    this.#touched_ms = Math.max(this.#touched_ms, touchedAnywhere(now_ms));
    const left_ms = this.#touched_ms + this.#idle_ms - now_ms;
    this.#warn(left_ms);
    if (left_ms <= 0) this.#lock();
    else if (this.#touched_ms > this.#pinged_ms && now_ms - this.#pinged_ms >= this.#idle_ms / PINGS) {
      this.#ping();
    }
  }

  /** @param {number} left_ms */
  #warn(left_ms) {
    if (left_ms > WARN_MS) {
      if (this.#warned && shownNotice() === WARNING) clearNotice();
      this.#warned = false;
    } else if (!this.#warned) {
      this.#warned = true;
      showNotice(WARNING);
    }
  }

  /** Who works on one page for long is at work for the server too. */
  #ping() {
    this.#pinged_ms = Date.now();
    this.#ask().catch(() => undefined);
  }

  async #lock() {
    this.#locking = true;
    document.body.toggleAttribute("data-covered", true);
    const back = location.pathname + location.search;
    try {
      const answer = await this.#ask();
      if (answer.ok) await this.#tell(await answer.json(), back);
      location.replace(`/sign-in/pin?next=${encodeURIComponent(back)}`);
    } catch {
      document.body.toggleAttribute("data-covered", false);
      this.#locking = false;
      this.#touched_ms = Date.now() - this.#idle_ms + AGAIN_MS;
      if (shownNotice() === WARNING) clearNotice();
    }
  }

  get #idle_ms() {
    return Number(this.dataset.idleS) * 1000;
  }

  #ask() {
    return fetch("/api/v1/me", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  }

  /** @param {{csrf_token: string}} me @param {string} next */
  async #tell({ csrf_token }, next) {
    await fetch("/lock", {
      method: "POST",
      body: new URLSearchParams({ csrf_token, next }),
      redirect: "manual",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  }
}

/** @param {number} touched_ms */
function tellTabs(touched_ms) {
  try {
    localStorage.setItem(STORED, `${touched_ms}`);
  } catch {
    // storage is refused: each tab counts for itself
  }
}

/** When the phone was touched last, in whichever tab. @param {number} now_ms */
function touchedAnywhere(now_ms) {
  try {
    const touched_ms = Number(localStorage.getItem(STORED));
    return touched_ms <= now_ms ? touched_ms : 0; // the clock was set back meanwhile
  } catch {
    return 0;
  }
}

customElements.define("idle-lock", IdleLock);
