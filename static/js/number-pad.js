/** <number-pad for="INPUT">: its `[data-key]` buttons type into a real input. */

class NumberPad extends HTMLElement {
  #life = new AbortController();
  #untouched = true;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#untouched = true;
    const input = this.#input;
    input?.setAttribute("inputmode", "none"); // the pad is the keyboard; real keys still type
    input?.addEventListener("input", () => (this.#untouched = false), { signal });
    // A number that nobody typed, such as a sum of scans: the next digit replaces it.
    input?.addEventListener("number-set", () => this.#start(input), { signal });
    if (input?.value) this.#start(input);
    this.addEventListener("click", (event) => this.#press(event), { signal });
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#input?.setAttribute("inputmode", "decimal");
  }

  /** @param {HTMLInputElement} input */
  #start(input) {
    this.#untouched = true;
    input.select(); // for a real keyboard
  }

  /** @param {Event} event */
  #press(event) {
    const button = /** @type {Element} */ (event.target).closest("[data-key]");
    const key = button?.getAttribute("data-key");
    const input = this.#input;
    if (!key || !input) return;
    const isPin = input.type === "password"; // its leading zeros count
    const replaces = this.#untouched || (input.value === "0" && !isPin);
    const typed = typedAfter(replaces && key !== "erase" ? "" : input.value, key);
    if (input.maxLength >= 0 && typed.length > input.maxLength) return;
    input.value = typed;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** @returns {HTMLInputElement | null} */
  get #input() {
    const found = document.getElementById(this.getAttribute("for") ?? "");
    return found instanceof HTMLInputElement ? found : null;
  }
}

/**
 * What stands in the input after one key.
 * @param {string} before @param {string} key a digit, "." or "erase" @returns {string}
 */
function typedAfter(before, key) {
  if (key === "erase") return before.slice(0, -1);
  if (key === ".") return before.includes(".") ? before : `${before || "0"}.`;
  return before + key;
}

customElements.define("number-pad", NumberPad);
