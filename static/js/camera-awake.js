/** Keeps the screen on while the camera looks. */

/** The browser lets go whenever the page is hidden: call `hold` again when it is back. */
export class ScreenAwake {
  #wanted = false;
  /** @type {WakeLockSentinel | null} */
  #lock = null;

  async hold() {
    this.#wanted = true;
    if (document.hidden || this.#lock?.released === false) return;
    const lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (!this.#wanted) return lock?.release();
    this.#lock = lock;
  }

  release() {
    this.#wanted = false;
    this.#lock?.release();
    this.#lock = null;
  }
}
