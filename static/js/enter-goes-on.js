/** <enter-goes-on>: Enter in one of its fields goes on to the next; in the last one it sends.
 *
 * Without this element Enter sends what is typed so far, and nothing is lost.
 */
class EnterGoesOn extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
  }

  disconnectedCallback() {
    this.removeEventListener("keydown", this);
  }

  /** @param {KeyboardEvent} event */
  handleEvent(event) {
    const field = event.target;
    if (event.key !== "Enter" || !(field instanceof HTMLInputElement)) return;
    const fields = [...this.querySelectorAll("input")];
    const next = fields[fields.indexOf(field) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }
}

customElements.define("enter-goes-on", EnterGoesOn);
