/** <photo-scan for="FORM">: reads the code in a chosen or freshly taken photo. */
import { newId } from "./new-id.js";
import { clearNotice, showNotice } from "./notice.js";
import { openPhoto, readPhoto, smallerCopy } from "./photo-look.js";
import { emitScanRead } from "./scan-read.js";

class PhotoScan extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    this.addEventListener("change", (event) => this.#chosen(event), { signal });
    this.addEventListener("formdata", (event) => this.#complete(event), { signal });
    this.addEventListener("htmx:finally:request", () => this.#sent(), { signal });
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** @param {Event} event */
  async #chosen(event) {
    const input = /** @type {HTMLInputElement} */ (event.target);
    const photo = input.files?.[0];
    if (!photo) return;
    showNotice("Reading the photo");
    try {
      const picture = await openPhoto(photo);
      const found = await readPhoto(picture).catch(() => null); // no decoder here: the server's
      if (found) this.#found(input, found);
      else this.#send(input, await smallerCopy(picture));
    } catch (error) {
      input.value = "";
      showNotice(/** @type {Error} */ (error).message);
    }
  }

  /** @param {HTMLInputElement} input @param {{text: string, format: string}} found */
  #found(input, found) {
    input.value = "";
    clearNotice();
    emitScanRead(this, { ...found, way: "photo" });
  }

  /** The server may look harder. @param {HTMLInputElement} input @param {FileList} files */
  #send(input, files) {
    if (!input.form?.hasAttribute("data-send-unread")) {
      throw new Error("No code found in this photo. Go closer and hold still.");
    }
    showNotice("Sending the photo");
    input.files = files;
    input.form.requestSubmit();
  }

  /**
   * A form outside the stage learns from the scan form what is chosen.
   * @param {FormDataEvent} event
   */
  #complete({ formData }) {
    const context = document.getElementById(this.getAttribute("for") ?? "");
    if (formData.has("id") || !(context instanceof HTMLFormElement)) return;
    for (const [name, value] of new FormData(context)) {
      if (name !== "raw" && !formData.has(name)) formData.append(name, value);
    }
    formData.set("id", newId());
  }

  #sent() {
    clearNotice();
    this.querySelector("form")?.reset();
  }
}

customElements.define("photo-scan", PhotoScan);
