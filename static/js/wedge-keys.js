/** <wedge-keys>: hears a scanner that types like a keyboard, anywhere on the page. */
import { isBadge } from "./badge-text.js";
import { BurstField, isLeftAlone } from "./burst-field.js";
import { KeyBurst } from "./key-burst.js";
import { scanElsewhere } from "./scan-elsewhere.js";
import { emitScanRead, scanRead } from "./scan-read.js";

const PAUSE_MS = 400; // ends a scan without Enter or Tab; a torn code is worse than a late one
const SHORTEST_WITHOUT_END = 6;
const ENDS_MS = 50; // some scanners end with two keys, carriage return and line feed
const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "CapsLock"]);
const ENDS = new Set(["Enter", "Tab", "\r", "\n", "\t"]);

class WedgeKeys extends HTMLElement {
  #life = new AbortController();
  #burst = new KeyBurst();
  #field = new BurstField(null);
  #ended_ms = -Infinity;
  #pauseTimer = 0;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    addEventListener("keydown", (event) => this.#pressed(event), { signal, capture: true });
    addEventListener("keyup", (event) => this.#released(event), { signal, capture: true });
    document.addEventListener("scan-read", (event) => this.#read(event), { signal });
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#forget();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (MODIFIERS.has(event.key)) return;
    clearTimeout(this.#pauseTimer);
    const sign = signOf(event, this.#burst.goesOn(event.timeStamp));
    if (event.repeat || event.isComposing || isLeftAlone(event.target)) return this.#forget();
    if (ENDS.has(sign)) return this.#ended(event);
    if (sign.length !== 1) return this.#forget();
    if (!this.#burst.goesOn(event.timeStamp)) this.#field = new BurstField(event.target);
    else if (!this.#field.takesKeys || sign < " ") swallow(event); // a space would press a button
    this.#burst.press(sign, keyOf(event), event.timeStamp);
    this.#pauseTimer = setTimeout(() => this.#paused(), PAUSE_MS);
  }

  /** @param {KeyboardEvent} event */
  #released(event) {
    this.#burst.release(keyOf(event), event.timeStamp);
  }

  /** @param {KeyboardEvent} event */
  #ended(event) {
    const isScan = this.#burst.goesOn(event.timeStamp) && this.#burst.isScan();
    if (isScan || event.timeStamp - this.#ended_ms <= ENDS_MS) {
      swallow(event); // it would submit the form, press a button or move the focus
      this.#ended_ms = event.timeStamp;
    }
    if (isScan) this.#scanned(true);
    this.#forget();
  }

  #paused() {
    if (this.#burst.isScan(SHORTEST_WITHOUT_END)) this.#scanned(false);
    this.#forget();
  }

  /** @param {boolean} ended whether the scanner said so with a last key */
  #scanned(ended) {
    const { text } = this.#burst;
    if (this.#field.takesText && !isBadge(text)) {
      this.#field.fill(text);
      if (ended) this.#field.leave();
    } else {
      this.#field.restore();
      emitScanRead(this, { text, format: "keys", way: "keys" });
    }
  }

  #forget() {
    clearTimeout(this.#pauseTimer);
    this.#burst.forget();
  }

  /** @param {Event} event */
  #read(event) {
    if (!document.querySelector("scan-form")) scanElsewhere(scanRead(event));
  }
}

/**
 * What a key adds: the character, or the name of a key without one. Scanners send the control
 * characters of GS1 and of distributor labels as Ctrl with another key; people mean a command.
 * @param {KeyboardEvent} event @param {boolean} inBurst
 */
function signOf({ key, ctrlKey, altKey, metaKey }, inBurst) {
  const isAltGraph = ctrlKey && altKey && key.length === 1;
  if (isAltGraph || !(ctrlKey || altKey || metaKey)) return key;
  const code = key.toUpperCase().charCodeAt(0);
  const isControl = ctrlKey && inBurst && key.length === 1 && code >= 64 && code < 96;
  return isControl ? String.fromCharCode(code - 64) : "Command";
}

/** @param {KeyboardEvent} event */
function keyOf(event) {
  return event.code || event.key;
}

/** @param {KeyboardEvent} event */
function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

customElements.define("wedge-keys", WedgeKeys);
