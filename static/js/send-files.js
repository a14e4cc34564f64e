/** <send-files data-whole>: sends what was picked at once; large photos smaller, unless whole. */
import { clearNotice, showNotice } from "./notice.js";
import { openPhoto, smallerCopy } from "./photo-look.js";

const LARGE_BYTES = 1_000_000; // what is smaller travels fast enough as it is

class SendFiles extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.addEventListener("change", (event) => this.#picked(event), { signal });
    window.addEventListener("pageshow", (event) => event.persisted && this.#ready(), { signal });
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** Back to a page that was kept: its form is there to be used again. */
  #ready() {
    this.querySelector("form")?.reset();
    clearNotice();
  }

  /** @param {Event} event */
  async #picked(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const { form, files } = input;
    if (!form || !files?.length) return;
    showNotice(files.length === 1 ? "Sending it" : `Sending ${files.length} files`);
    const bag = new DataTransfer();
    const is_whole = this.hasAttribute("data-whole");
    for (const file of files) bag.items.add(is_whole ? file : await light(file));
    input.files = bag.files;
    form.requestSubmit();
  }
}

/** @param {File} file @returns {Promise<File>} */
async function light(file) {
  if (!file.type.startsWith("image/") || file.size < LARGE_BYTES) return file;
  try {
    const [copy] = await smallerCopy(await openPhoto(file));
    return copy ? new File([copy], file.name, { type: copy.type }) : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

customElements.define("send-files", SendFiles);
