/** <photo-scan for="FORM">: reads the code in a chosen or freshly taken photo. */
import { decode } from "./decoder.js";
import { clearNotice, showNotice } from "./notice.js";
import { emitScanRead } from "./scan-read.js";

const LONGEST_SIDE_PX = 2400;

// Whole and shrunk, level and tilted: a photo may be looked at longer than a frame.
const LOOKS = [
  { side_px: LONGEST_SIDE_PX, tilts_deg: [0, 22, -22, 45] },
  { side_px: 1000, tilts_deg: [0, 22, -22, 45] },
];

class PhotoScan extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    this.addEventListener("change", (event) => this.#chosen(event), { signal: this.#life.signal });
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
    const found = await readPhoto(photo).catch(() => null);
    if (found) {
      clearNotice();
      input.value = "";
      emitScanRead(this, found.text, found.format);
    } else if (input.form?.hasAttribute("data-send-unread")) {
      showNotice("Sending the photo");
      input.form.requestSubmit(); // the server may look harder
    } else {
      showNotice("No code found in this photo. Go closer and hold still.");
      input.value = "";
    }
  }
}

/** @param {Blob} photo @returns {Promise<{text: string, format: string} | null>} */
async function readPhoto(photo) {
  const whole = await createImageBitmap(photo);
  for (const { side_px, tilts_deg } of LOOKS) {
    const picture = await shrunk(whole, side_px);
    const all = new DOMRectReadOnly(0, 0, picture.width, picture.height);
    for (const tilt_deg of tilts_deg) {
      const { text, format = "" } = await decode(picture, all, { tilt_deg, invert: true });
      if (text) return { text, format };
    }
  }
  return null;
}

/** @param {ImageBitmap} picture @param {number} side_px @returns {Promise<ImageBitmap>} */
async function shrunk(picture, side_px) {
  const scale = side_px / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  return createImageBitmap(picture, {
    resizeWidth: Math.round(picture.width * scale),
    resizeHeight: Math.round(picture.height * scale),
    resizeQuality: "medium",
  });
}

customElements.define("photo-scan", PhotoScan);
