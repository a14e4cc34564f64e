/** <phone-check data-photo>: runs every probe and shows, of each line, the outcome that is. */
import {
  cameraProspect,
  cameraState,
  decoderState,
  secureState,
  serverState,
  storageState,
  workerState,
} from "./phone-probes.js";

/** @typedef {import("./phone-probes.js").Finding} Finding */

const WORST_LAST = ["ok", "try", "warn", "stop"];

class PhoneCheck extends HTMLElement {
  #life = new AbortController();

  async connectedCallback() {
    this.#life = new AbortController();
    const button = document.querySelector("[data-try-camera]");
    button?.addEventListener("click", () => this.#tryCamera(), { signal: this.#life.signal });
    await Promise.all([
      this.#show("secure", secureState()),
      this.#show("camera", cameraProspect()),
      this.#show("worker", workerState().then((outcome) => ({ outcome }))),
      this.#show("decoder", decoderState(this.dataset.photo ?? "")),
      this.#show("storage", storageState()),
      serverState().then(({ clock, reach }) =>
        Promise.all([this.#show("clock", clock), this.#show("reach", reach)]),
      ),
    ]);
    this.#sumUp();
    this.dataset.done = "";
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  async #tryCamera() {
    await this.#show("camera", cameraState());
    this.#sumUp();
  }

  /** @param {string} name @param {Finding | Promise<Finding>} finding */
  async #show(name, finding) {
    const { outcome, figure = "" } = await finding;
    const line = this.querySelector(`[data-check="${name}"]`);
    for (const row of line?.querySelectorAll("[data-outcome]") ?? []) {
      const is_it = row.getAttribute("data-outcome") === outcome;
      row.toggleAttribute("hidden", !is_it);
      const place = row.querySelector("[data-figure]");
      if (is_it && place) place.textContent = figure;
    }
  }

  /** The worst of what is shown. */
  #sumUp() {
    const shown = this.querySelectorAll("[data-tone]:not([hidden])");
    const tones = Array.from(shown, (row) => WORST_LAST.indexOf(row.getAttribute("data-tone") ?? ""));
    const verdict = WORST_LAST[Math.max(0, ...tones)];
    for (const sentence of this.querySelectorAll("[data-verdict]")) {
      sentence.toggleAttribute("hidden", sentence.getAttribute("data-verdict") !== verdict);
    }
  }
}

customElements.define("phone-check", PhoneCheck);
