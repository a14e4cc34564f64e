/** Tells a scanner's burst of keys from a person's typing, by its rhythm alone. */

const GAP_MS = 120; // what Bluetooth may stumble within one code
const SCANNER_MS = 20; // between two keys on average; no hand is that fast
const HELD_MS = 22; // a slower scanner, over Bluetooth: no finger is up again that soon
const SHORTEST = 4;

/** One run of keys, each close on the one before. */
export class KeyBurst {
  #text = "";
  #first_ms = 0;
  #last_ms = -Infinity;
  #held_ms = 0;
  /** @type {Map<string, number>} the keys that are down, and since when */
  #down = new Map();

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
    this.#down.set(key, now_ms);
    this.#text += sign;
    this.#last_ms = now_ms;
  }

  /** @param {string} key @param {number} now_ms */
  release(key, now_ms) {
    this.#held_ms += now_ms - (this.#down.get(key) ?? now_ms);
    this.#down.delete(key);
  }

  /** @param {number} [shortest] @returns {boolean} whether only a scanner types like this */
  isScan(shortest = SHORTEST) {
    const keys = this.#text.length;
    if (keys < shortest) return false;
    if ((this.#last_ms - this.#first_ms) / (keys - 1) <= SCANNER_MS) return true;
    return this.#down.size === 0 && this.#held_ms / keys <= HELD_MS;
  }

  forget() {
    this.#text = "";
    this.#held_ms = 0;
    this.#down.clear();
  }
}
