/** The tools on the picture: torch, zoom, switch and the ring of tap to focus. */
import { recall, remember } from "./camera-memory.js";
import { focusAt, hasTorch, setTorch, setZoom, zoomsOf } from "./camera-track.js";

const RING_MS = 900;

/** Shows each tool only where the open lens has it. */
export class CameraTools {
  #finder;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #ringTimer = 0;

  /** @param {Element} finder */
  constructor(finder) {
    this.#finder = finder;
  }

  /** @param {MediaStreamTrack | null} track of the open lens; null takes the tools away */
  offer(track) {
    this.#track = track;
    const torch = this.#finder.querySelector("[data-torch]");
    torch?.toggleAttribute("hidden", !track || !hasTorch(track));
    torch?.setAttribute("aria-pressed", "false");
    const zooms = track ? zoomsOf(track) : [];
    for (const key of this.#zoomKeys) key.toggleAttribute("hidden", !zooms.includes(factorOf(key)));
    const kept = Number(recall("zoom"));
    if (zooms.length > 0) this.#zoom(zooms.includes(kept) ? kept : 1);
  }

  /** @param {boolean} offered whether there is another lens to switch to */
  offerSwitch(offered) {
    this.#finder.querySelector("[data-switch]")?.toggleAttribute("hidden", !offered);
  }

  /** @param {Element} at what was tapped @returns {boolean} whether that was a tool */
  tapped(at) {
    const torch = at.closest("[data-torch]");
    const zoom = at.closest("[data-zoom]");
    if (torch) this.#switchTorch(torch);
    if (zoom) this.#zoom(factorOf(zoom));
    return Boolean(torch ?? zoom);
  }

  /** Focuses where the picture was tapped, if this lens can. @param {MouseEvent} tap */
  async focus(tap) {
    const video = this.#finder.querySelector("video");
    if (!this.#track || !video) return;
    if (await focusAt(this.#track, pointInFrame(video, tap))) this.#ring(tap);
  }

  /** @param {MouseEvent} tap */
  #ring({ clientX, clientY }) {
    /** @type {HTMLElement | null} */
    const ring = this.#finder.querySelector(".ring");
    if (!ring) return;
    const { left, top } = this.#finder.getBoundingClientRect();
    ring.style.insetInlineStart = `${clientX - left}px`;
    ring.style.insetBlockStart = `${clientY - top}px`;
    ring.hidden = false;
    clearTimeout(this.#ringTimer);
    this.#ringTimer = setTimeout(() => (ring.hidden = true), RING_MS);
  }

  /** @param {Element} button */
  async #switchTorch(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    const obeyed = this.#track && (await setTorch(this.#track, on));
    if (obeyed) button.setAttribute("aria-pressed", String(on));
  }

  /** @param {number} factor */
  async #zoom(factor) {
    if (!this.#track || !(await setZoom(this.#track, factor))) return;
    for (const key of this.#zoomKeys) {
      key.setAttribute("aria-pressed", String(factorOf(key) === factor));
    }
    remember("zoom", String(factor));
  }

  get #zoomKeys() {
    return this.#finder.querySelectorAll("[data-zoom]");
  }
}

/** @param {Element} key */
function factorOf(key) {
  return Number(key.getAttribute("data-zoom"));
}

/**
 * Where in the frame a tap on the video fell, which shows it by `object-fit: cover`.
 * @param {HTMLVideoElement} video @param {MouseEvent} tap @returns {{x: number, y: number}} 0 to 1
 */
function pointInFrame(video, { clientX, clientY }) {
  const box = video.getBoundingClientRect();
  const scale = Math.max(box.width / video.videoWidth, box.height / video.videoHeight);
  const x = (clientX - box.left - box.width / 2) / (video.videoWidth * scale) + 0.5;
  const y = (clientY - box.top - box.height / 2) / (video.videoHeight * scale) + 0.5;
  return { x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) };
}
