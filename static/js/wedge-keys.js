/** <wedge-keys>: hears a scanner that types like a keyboard, anywhere on the page. */
import { emitScanRead } from "./scan-read.js";

const GAP_MS = 50; // scanners leave less between keys, people more
const SHORTEST = 4;
const UNTYPED = new Set(["button", "checkbox", "file", "radio", "range", "reset", "submit"]);

class WedgeKeys extends HTMLElement {
  #life = new AbortController();
  #typed = "";
  #last_ms = 0;
  /** What a number field held before the burst ran into it. */
  #held = "";

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    addEventListener("keydown", (event) => this.#key(event), { signal, capture: true });
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Shift") return;
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || takesText(target)) return this.#forget();
    const inTime = event.timeStamp - this.#last_ms < GAP_MS;
    this.#last_ms = event.timeStamp;
    if (event.key === "Enter" || event.key === "Tab") return this.#end(event, target, inTime);
    if (event.key.length !== 1) return this.#forget();
    if (!inTime) this.#begin(target);
    else if (!isNumberField(target)) event.preventDefault(); // a space would press a button
    this.#typed += event.key;
  }

  /** @param {HTMLElement} target */
  #begin(target) {
    this.#typed = "";
    this.#held = isNumberField(target) ? target.value : "";
  }

  /** @param {KeyboardEvent} event @param {HTMLElement} target @param {boolean} inTime */
  #end(event, target, inTime) {
    const text = this.#typed;
    this.#forget();
    if (!inTime || text.length < SHORTEST) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isNumberField(target)) target.value = this.#held;
    emitScanRead(this, text, "keys");
    if (!document.querySelector("scan-form")) find(text);
  }

  #forget() {
    this.#typed = "";
    this.#last_ms = 0;
  }
}

/**
 * Text fields get what is typed into them, by a scanner too: that is how serials are entered.
 * @param {HTMLElement} target
 */
function takesText(target) {
  if (isNumberField(target)) return false;
  if (target instanceof HTMLInputElement) {
    return !UNTYPED.has(target.type);
  }
  return target.isContentEditable || target.matches?.("textarea, select");
}

/**
 * A label scanned while a quantity has the focus is the next thing, not a quantity.
 * @param {EventTarget | null} target @returns {target is HTMLInputElement}
 */
function isNumberField(target) {
  if (!(target instanceof HTMLInputElement)) return false;
  return target.type === "number" || ["none", "numeric", "decimal"].includes(target.inputMode);
}

/** Without a scan form the code is looked up. @param {string} text */
function find(text) {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("form[data-find]");
  const field = /** @type {HTMLInputElement | null | undefined} */ (
    form?.querySelector("input:not([type=hidden])")
  );
  if (!form || !field) return;
  field.value = text;
  form.requestSubmit();
}

customElements.define("wedge-keys", WedgeKeys);
