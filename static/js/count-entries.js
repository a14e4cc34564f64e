/** <count-entries for="INPUT">: what was scanned and typed for a counted number; the last of it undone. */
import { isScan, packEntries, sumOf, unpackEntries, wordsOf } from "./count-sum.js";

class CountEntries extends HTMLElement {
  #life = new AbortController();
  /** @type {string[]} */
  #entries = [];

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#entries = unpackEntries(this.#kept?.value ?? "");
    this.#dial?.addEventListener("input", () => this.#typed(), { signal });
    this.closest("form")?.addEventListener("click", (event) => this.#clicked(event), { signal, capture: true });
    this.#show();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** Digits that follow each other are one number; without any the scans count again. */
  #typed() {
    if (this.#entries.length > 0 && !this.#isLastScan) this.#entries.pop();
    const figure = (this.#dial?.value ?? "").replace(",", ".").replace(/\.$/, "");
    // A keyboard scanner types too, and then puts back what stood there.
    if (figure && figure !== sumOf(this.#entries)) this.#entries.push(...unpackEntries(figure));
    this.#show();
    if (!figure) this.#setDial();
  }

  /** The pad's own erasing would make 1 of 13 scans. @param {Event} event */
  #clicked(event) {
    const spot = /** @type {Element} */ (event.target);
    const isErase = spot.closest("[data-key=erase]") !== null && this.#isLastScan;
    if (!isErase && !spot.closest("[data-entries-undo]")) return;
    event.preventDefault();
    event.stopPropagation();
    this.#entries.pop();
    this.#show();
    this.#setDial();
  }

  #setDial() {
    const dial = this.#dial;
    if (!dial) return;
    dial.value = sumOf(this.#entries);
    dial.dispatchEvent(new Event("number-set"));
  }

  /** In words, in the form of the entry, and with whatever is scanned next. */
  #show() {
    const packed = packEntries(this.#entries);
    if (this.#kept) this.#kept.value = packed;
    forNextScan().value = packed;
    const line = this.querySelector(".entries");
    line?.toggleAttribute("hidden", !this.#entries.some(isScan));
    const words = this.querySelector("[data-entries-words]");
    if (words) words.textContent = wordsOf(this.#entries);
  }

  get #isLastScan() {
    return isScan(this.#entries.at(-1) ?? "");
  }

  /** @returns {HTMLInputElement | null} */
  get #kept() {
    return this.querySelector("input[name=entries]");
  }

  /** @returns {HTMLInputElement | null} */
  get #dial() {
    const found = document.getElementById(this.getAttribute("for") ?? "");
    return found instanceof HTMLInputElement ? found : null;
  }
}

/** What the scan form sends along of the number on the dial. @returns {HTMLInputElement} */
function forNextScan() {
  /** @type {HTMLInputElement | null} */
  const known = document.querySelector("#stage > input[form=scan-form][name=entries]");
  if (known) return known;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "entries";
  field.setAttribute("form", "scan-form");
  document.getElementById("stage")?.prepend(field);
  return field;
}

customElements.define("count-entries", CountEntries);
