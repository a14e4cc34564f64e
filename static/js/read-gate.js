/** Lets each label through once while it stays in view. */

const GONE_MS = 1000;
const GONE_LOOKS = 5; // a slow phone may take a second for two looks: time alone proves nothing

// Their check digit is weak or missing, so one look may be wrong: two in a row must agree.
const WEAK_FORMATS = new Set(["Code39", "EAN13", "EAN8", "UPCA", "UPCE"]);

/** @typedef {{seen_ms: number, seen_look: number}} Sight */

/** Remembers which labels are in view and decides which read is a new one. */
export class ReadGate {
  #looks = 0;
  #unsure = "";
  /** @type {Map<string, Sight>} */
  #inView = new Map();

  /**
   * Whether what one look saw (null: nothing) counts as a new read.
   * @param {{text: string, format: string} | null} saw
   * @param {number} now_ms
   */
  accepts(saw, now_ms) {
    this.#looks += 1;
    if (!saw) return false;
    if (WEAK_FORMATS.has(saw.format) && this.#unsure !== saw.text) {
      this.#unsure = saw.text;
      return false;
    }
    this.#unsure = "";
    const before = this.#inView.get(saw.text);
    this.#inView.set(saw.text, { seen_ms: now_ms, seen_look: this.#looks });
    return !before || this.#left(before, now_ms);
  }

  /** Forgets what is in view: the same label may be read again at once. */
  reset() {
    this.#inView.clear();
  }

  /** @param {Sight} sight @param {number} now_ms */
  #left(sight, now_ms) {
    return now_ms - sight.seen_ms >= GONE_MS && this.#looks - sight.seen_look >= GONE_LOOKS;
  }
}
