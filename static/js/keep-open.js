// What somebody unfolded stays unfolded when the server draws that part of the page anew.
// Without this element it is folded again, and nothing else is lost.

/** @type {Set<string>} */
const unfolded = new Set();

class KeepOpen extends HTMLElement {
  connectedCallback() {
    const details = this.querySelector("details");
    if (!details) return;
    if (unfolded.has(details.id)) details.open = true;
    details.addEventListener("toggle", this);
  }

  /** @param {Event} event */
  handleEvent(event) {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement)) return;
    if (details.open) unfolded.add(details.id);
    else unfolded.delete(details.id);
  }
}

customElements.define("keep-open", KeepOpen);
