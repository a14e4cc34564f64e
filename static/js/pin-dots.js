/** <pin-dots for="INPUT">: fills one of its `.pin` dots for each digit typed; adds more at need. */

class PinDots extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const input = document.getElementById(this.getAttribute("for") ?? "");
    if (!(input instanceof HTMLInputElement)) return;
    const show = () => this.#show(input.value.length);
    input.addEventListener("input", show, { signal: this.#life.signal });
    show();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** @param {number} typed */
  #show(typed) {
    const first = this.querySelector(".pin");
    for (let n = this.querySelectorAll(".pin").length; n < typed; n += 1) first?.after(first.cloneNode());
    this.querySelectorAll(".pin").forEach((dot, n) => dot.classList.toggle("in", n < typed));
    const words = this.querySelector(".sr");
    if (words) words.textContent = typed === 1 ? "1 digit entered" : `${typed} digits entered`;
  }
}

customElements.define("pin-dots", PinDots);
