/** <own-fields>: shows the fields of the category that the form says, and only these. */
class OwnFields extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.#category?.addEventListener("input", () => this.#show(), { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  get #category() {
    const found = this.closest("form")?.elements.namedItem("category");
    return found instanceof HTMLInputElement || found instanceof HTMLSelectElement ? found : null;
  }

  #show() {
    const category = this.#category?.value.trim().toLowerCase() ?? "";
    for (const group of this.querySelectorAll("details")) {
      // Without a category of its own a thing has its model's, which only the server knows.
      const fits = !category || group.dataset.category === category;
      group.hidden = !fits;
      group.open ||= fits && category !== "";
      // What is not shown is not sent either.
      for (const input of group.querySelectorAll("input, select")) {
        input.toggleAttribute("disabled", !fits);
      }
    }
  }
}

customElements.define("own-fields", OwnFields);
