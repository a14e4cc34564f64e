/**
 * <idle-lock data-idle-s>: locks a shared phone that nobody touches. The server locks by itself too;
 * where it can't be reached nobody is shut out: what is scanned stays bound to the person.
 */

const TOUCHES = ["pointerdown", "keydown", "scan-read"];
const LOOK_MS = 1000;
const AGAIN_MS = 30_000; // after a lock that the server did not hear
const PINGS = 4; // while somebody works through the time of rest
const PATIENCE_MS = 4000; // for the server's answer, before the screen is shown again

class IdleLock extends HTMLElement {
  #life = new AbortController();
  #touched_ms = Date.now();
  #pinged_ms = Date.now();
  #timer = 0;
  #locking = false;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const touch = () => this.#touch();
    for (const kind of TOUCHES) addEventListener(kind, touch, { signal, capture: true });
    // Timers rest while a phone sleeps: it looks as soon as somebody wakes it.
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    this.#touched_ms = this.#pinged_ms = Date.now();
    this.#timer = window.setInterval(() => this.#look(), LOOK_MS);
  }

  disconnectedCallback() {
    this.#life.abort();
    clearInterval(this.#timer);
  }

  #touch() {
    if (!this.#locking) this.#touched_ms = Date.now();
  }

  #look() {
    if (this.#locking) return;
    const now_ms = Date.now();
    if (now_ms - this.#touched_ms >= this.#idle_ms) this.#lock();
    else if (this.#touched_ms > this.#pinged_ms && now_ms - this.#pinged_ms >= this.#idle_ms / PINGS) {
      this.#ping();
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

customElements.define("idle-lock", IdleLock);
