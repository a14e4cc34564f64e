/** <sound-settings>: keeps `loudness` (range 0 to 100) and `vibration` (box) on this device. */
import { keepSignalSettings, signal, signalSettings } from "./sounds.js";

class SoundSettings extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { loudness, vibration } = signalSettings();
    const [range, box] = [this.#input("loudness"), this.#input("vibration")];
    if (range) range.value = String(Math.round(loudness * 100));
    if (box) box.checked = vibration;
    this.addEventListener("change", () => this.#keep(), { signal: this.#life.signal });
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  #keep() {
    const loudness = Number(this.#input("loudness")?.value ?? 60) / 100;
    keepSignalSettings({ loudness, vibration: this.#input("vibration")?.checked ?? true });
    signal("ok");
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  #input(name) {
    return this.querySelector(`input[name="${name}"]`);
  }
}

customElements.define("sound-settings", SoundSettings);
