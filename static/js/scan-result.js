/** <scan-result data-tone data-undo-seconds>: sounds, flashes and settles the answer it wraps. */
import { signal } from "./sounds.js";
import { startUndoClock } from "./undo-clock.js";

/** @typedef {import("./sounds.js").Tone} Tone */

/** @type {Partial<Record<Tone, number>>} how long the full screen stays; red stays by itself */
const FLASH_MS = { ok: 700, queued: 700, warn: 1200 };

class ScanResult extends HTMLElement {
  /** @type {HTMLElement | null} */
  #flash = null;
  #timer = 0;
  #stopUndo = () => {};

  connectedCallback() {
    const tone = /** @type {Tone} */ (this.dataset.tone ?? "read");
    const seconds = Number(this.dataset.undoSeconds ?? 0);
    const region = this.closest("[data-state]") ?? document;
    if (seconds > 0) this.#stopUndo = startUndoClock(region, seconds);
    if (isOldPage()) return;
    signal(tone);
    this.#announce();
    this.#cover(tone);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#stopUndo();
    this.#settle();
  }

  /** Said by a region that was there before: what comes with its words is often not read out. */
  #announce() {
    const place = document.getElementById("announce");
    const field = this.querySelector(".result:not([role])"); // an alert speaks for itself
    if (place) place.textContent = field?.textContent?.replace(/\s+/g, " ").trim() ?? "";
  }

  /** @param {Tone} tone */
  #cover(tone) {
    const shown_ms = FLASH_MS[tone];
    if (tone !== "stop" && (!shown_ms || matchMedia("(prefers-reduced-motion)").matches)) return;
    const field = this.querySelector(".result");
    if (!field) return;
    this.#flash = flashOf(field);
    this.append(this.#flash);
    if (tone === "stop") return this.#askUnderstood(this.#flash);
    // A tap goes through to what lies below, Undo or +1, and ends the flash.
    document.addEventListener("pointerdown", () => this.#settle(), { once: true });
    this.#timer = setTimeout(() => this.#settle(), shown_ms);
  }

  /** A stop waits for a person: scans queue up meanwhile. @param {HTMLElement} flash */
  #askUnderstood(flash) {
    const dock = document.createElement("div");
    dock.className = "dock stop";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn big onfield";
    button.textContent = "Understood";
    button.addEventListener("click", () => this.#settle());
    dock.append(button);
    flash.append(dock);
    this.toggleAttribute("data-holding", true);
    button.focus();
  }

  #settle() {
    clearTimeout(this.#timer);
    const flash = this.#flash;
    if (!flash) return;
    this.#flash = null;
    this.toggleAttribute("data-holding", false);
    document.dispatchEvent(new CustomEvent("scan-free"));
    const gone = () => flash.remove();
    flash.addEventListener("transitionend", gone);
    setTimeout(gone, 400); // where nothing moves, no transition ends
    flash.dataset.leaving = "";
  }
}

/**
 * The field once more, over the whole screen; the one below keeps its place and its role.
 * @param {Element} field @returns {HTMLElement}
 */
function flashOf(field) {
  const cover = document.createElement("div");
  cover.className = "flash";
  const copy = /** @type {Element} */ (field.cloneNode(true));
  copy.removeAttribute("role");
  copy.setAttribute("aria-hidden", "true");
  copy.classList.add("full");
  cover.append(copy);
  return cover;
}

/** Reloading or going back shows a result again; it should not sound like a new one. */
function isOldPage() {
  if (document.documentElement.hasAttribute("data-quiet")) return true; // shown before, by the phone
  if (document.readyState === "complete") return false;
  const [entry] = performance.getEntriesByType("navigation");
  return /** @type {PerformanceNavigationTiming} */ (entry)?.type !== "navigate";
}

customElements.define("scan-result", ScanResult);
