/** <sound-settings>: keeps `loudness` (range 0 to 100), `vibration` (box) and mute on this device. */
import { keepSignalSettings, signal, signalSettings } from "./sounds.js";

class SoundSettings extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal: ended } = this.#life;
    const { loudness, vibration, muted } = signalSettings();
    const [range, box] = [this.#input("loudness"), this.#input("vibration")];
    if (range) range.value = String(Math.round(loudness * 100));
    if (box) box.checked = vibration;
    this.#mute?.setAttribute("aria-pressed", String(muted));
    this.addEventListener("change", () => this.#keep(), { signal: ended });
    this.#mute?.addEventListener("click", () => this.#toggleMute(), { signal: ended });
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  #toggleMute() {
    const muted = this.#mute?.getAttribute("aria-pressed") === "true";
    this.#mute?.setAttribute("aria-pressed", String(!muted));
    this.#keep();
  }

  #keep() {
    keepSignalSettings({
      loudness: Number(this.#input("loudness")?.value ?? 60) / 100,
      vibration: this.#input("vibration")?.checked ?? true,
      muted: this.#mute?.getAttribute("aria-pressed") === "true",
    });
    signal("ok");
  }

  get #mute() {
    return this.querySelector("button[data-mute]");
  }

  /** @param {string} name @returns {HTMLInputElement | null} */
  #input(name) {
    return this.querySelector(`input[name="${name}"]`);
  }
}

customElements.define("sound-settings", SoundSettings);
