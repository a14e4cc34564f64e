/** Tells a scanner's burst of keys from a person's typing, by its rhythm alone. */

const GAP_MS = 50; // no scanner leaves more between two keys
const SCANNER_MS = 15; // on average; no hand is that fast
const SLOW_SCANNER_MS = 35; // over Bluetooth; hands get there too, but with keys that overlap
const SHORTEST = 4;

/** One run of keys. A scanner lets go of each key before the next one; a fast hand does not. */
export class KeyBurst {
  #text = "";
  #first_ms = 0;
  #last_ms = -Infinity;
  /** @type {Set<string>} */
  #down = new Set();
  #overlapped = false;

  get text() {
    return this.#text;
  }

  /** Whether a key at this moment belongs to the run. @param {number} now_ms */
  goesOn(now_ms) {
    return this.#text !== "" && now_ms - this.#last_ms <= GAP_MS;
  }

  /**
   * Adds what one key types; a key that came too late begins a new run.
   * @param {string} sign @param {string} key that was pressed @param {number} now_ms
   */
  press(sign, key, now_ms) {
    if (!this.goesOn(now_ms)) {
      this.forget();
      this.#first_ms = now_ms;
    }
    this.#overlapped ||= this.#down.size > 0;
    this.#down.add(key);
    this.#text += sign;
    this.#last_ms = now_ms;
  }

  /** @param {string} key */
  release(key) {
    this.#down.delete(key);
  }

  /** @param {number} [shortest] @returns {boolean} whether only a scanner types like this */
  isScan(shortest = SHORTEST) {
    if (this.#text.length < shortest) return false;
    const mean_ms = (this.#last_ms - this.#first_ms) / (this.#text.length - 1);
    return mean_ms <= SCANNER_MS || (mean_ms <= SLOW_SCANNER_MS && !this.#overlapped);
  }

  forget() {
    this.#text = "";
    this.#overlapped = false;
    this.#down.clear();
  }
}
