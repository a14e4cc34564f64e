/** <copy-text>: the field inside selects itself at a touch, and a button copies what it holds. */

class CopyText extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    const field = this.querySelector("input");
    field?.addEventListener("focus", () => field.select(), { signal });
    // Browsers lend the clipboard to https pages alone; elsewhere the selection is enough.
    if (!field || !navigator.clipboard || this.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn wide";
    button.textContent = "Copy";
    button.addEventListener("click", () => this.#copy(field, button), { signal });
    this.append(button);
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** @param {HTMLInputElement} field @param {HTMLButtonElement} button */
  async #copy(field, button) {
    await navigator.clipboard.writeText(field.value);
    button.textContent = "Copied";
  }
}

customElements.define("copy-text", CopyText);
