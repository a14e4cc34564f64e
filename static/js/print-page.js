/** <print-page>: its button prints the page. Without this element the browser's own menu does. */
class PrintPage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  handleEvent() {
    window.print();
  }
}

customElements.define("print-page", PrintPage);
