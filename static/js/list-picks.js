// The boxes of a list: counts what is ticked while it is ticked, and takes the ticks along when a
// plain link of the list is followed. Without this element the list's form does the same.

// What a list offers for all that it shows, too.
const WITHOUT_TICKS = new Set(["all", "export", "export-xlsx"]);

class ListPicks extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.addEventListener("click", this);
    this.show();
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event.type === "change") this.show();
    else if (event.target instanceof Element) this.follow(event.target.closest("a"));
  }

  /** The boxes of this page. */
  get boxes() {
    return [...this.querySelectorAll("input")].filter((box) => box.name === "code");
  }

  /** What was ticked on other pages. */
  get elsewhere() {
    const carried = this.querySelector("input[name=picked]");
    const before = carried instanceof HTMLInputElement ? carried.value.split(" ") : [];
    const here = new Set(this.boxes.map((box) => box.value));
    return before.filter((code) => code && !here.has(code));
  }

  get ticked() {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  show() {
    const count = this.querySelector("[data-count]");
    const here = this.querySelector("[data-here]");
    if (!count || !here) return;
    const ticked = this.ticked.length;
    const all = ticked + this.elsewhere.length;
    count.textContent = String(all);
    here.textContent = all ? `${ticked} on this page` : "";
    for (const button of this.querySelectorAll("button[name=do]")) {
      const needs = button instanceof HTMLButtonElement && !WITHOUT_TICKS.has(button.value);
      if (needs) button.disabled = !all;
    }
  }

  /** @param {HTMLAnchorElement | null} link */
  follow(link) {
    const form = this.querySelector("form");
    if (!link || !form || new URL(link.href).pathname !== new URL(form.action).pathname) return;
    const address = new URL(link.href);
    const picked = [...this.elsewhere, ...this.ticked];
    if (picked.length) address.searchParams.set("picked", picked.join(" "));
    else address.searchParams.delete("picked");
    link.href = address.href;
  }
}

customElements.define("list-picks", ListPicks);
