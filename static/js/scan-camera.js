/** <scan-camera for="FORM">: a live rear camera that emits `scan-read` for each label it sees. */
import { cameraAdvice, closeCamera, hasTorch, openRearCamera, setTorch } from "./camera-stream.js";
import { startDecoder } from "./decoder.js";
import { LabelWatch } from "./label-watch.js";
import { emitScanRead } from "./scan-read.js";

/** @typedef {"off" | "starting" | "live" | "resting" | "blocked"} CameraState */

const READY = "Hold a label in the frame";
const RESTING = "The camera is resting. Tap to wake it.";
const LOST = "The camera stopped. Tap here to start it.";
const BROKEN = "This browser cannot read codes. Type the code.";
const IDLE_MS = 120_000;
const HIDDEN_MS = 20_000; // long enough to answer a call: each new start may ask for permission
const READ_MS = 350; // how long the frame shows that it read something

class ScanCamera extends HTMLElement {
  #life = new AbortController();
  /** @type {LabelWatch | null} */
  #watch = null;
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {WakeLockSentinel | null} */
  #awake = null;
  #restTimer = 0;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener("pointerdown", () => this.#stir(), { signal });
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    document.addEventListener("visibilitychange", () => this.#stir(), { signal });
    addEventListener("pagehide", () => this.#stop("off"), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#start(), { signal });
    const broken = () => this.#stop("blocked", BROKEN);
    this.#watch = new LabelWatch(this.#video, (...what) => this.#read(...what), broken);
    startDecoder();
    this.#start();
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#stop("off");
  }

  /** Reads the label in view once more. */
  rescan() {
    this.#watch?.again();
  }

  async #start() {
    if (this.#state === "starting" || this.#state === "live") return;
    this.#state = "starting";
    const { signal } = this.#life;
    const unwanted = () => signal.aborted || this.#state !== "starting";
    try {
      const stream = await openRearCamera();
      if (unwanted()) return closeCamera(stream);
      this.#stream = stream;
      await this.#show(stream);
    } catch (error) {
      if (!unwanted()) this.#stop("blocked", cameraAdvice(error));
    }
  }

  /** @param {MediaStream} stream */
  async #show(stream) {
    const lost = () => this.#stream === stream && this.#stop("blocked", LOST);
    stream.getVideoTracks()[0]?.addEventListener("ended", lost);
    this.#video.srcObject = stream;
    await this.#video.play();
    if (this.#stream !== stream) return;
    this.#state = "live";
    this.#hint(READY);
    this.#offerTorch(hasTorch(stream));
    this.#watch?.start();
    this.#stir();
    this.#awake = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (this.#stream !== stream) this.#awake?.release();
  }

  /** @param {string} text @param {string} format */
  #read(text, format) {
    this.toggleAttribute("data-read", true);
    setTimeout(() => this.toggleAttribute("data-read", false), READ_MS);
    this.#stir();
    emitScanRead(this, text, format);
  }

  /** @param {CameraState} state @param {string} [why] */
  #stop(state, why) {
    clearTimeout(this.#restTimer);
    this.#watch?.stop();
    if (this.#stream) closeCamera(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
    this.#awake?.release();
    this.#awake = null;
    this.#offerTorch(false);
    this.#state = state;
    if (why) this.#hint(why);
  }

  /** Somebody came or went: wakes a resting camera, or sets when it goes to rest. */
  #stir() {
    if (this.#state === "resting" && !document.hidden) this.#start();
    if (this.#state !== "live") return;
    clearTimeout(this.#restTimer);
    const rest = () => this.#stop("resting", RESTING);
    this.#restTimer = setTimeout(rest, document.hidden ? HIDDEN_MS : IDLE_MS);
  }

  /** @param {Event} event */
  #clicked(event) {
    const at = /** @type {Element} */ (event.target);
    const torch = at.closest("[data-torch]");
    if (torch) this.#switchTorch(torch);
    else if (at.closest("label")) return;
    else if (this.contains(at) && this.#state === "blocked") this.#start();
    else if (this.contains(at) || at.closest("[data-rescan]")) this.rescan();
  }

  /** @param {boolean} offered */
  #offerTorch(offered) {
    const button = this.querySelector("[data-torch]");
    button?.toggleAttribute("hidden", !offered);
    button?.setAttribute("aria-pressed", "false");
  }

  /** @param {Element} button */
  async #switchTorch(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    const obeyed = this.#stream && (await setTorch(this.#stream, on));
    if (obeyed) button.setAttribute("aria-pressed", String(on));
  }

  /** @param {string} words */
  #hint(words) {
    const place = this.querySelector(".hint span");
    if (place && place.textContent !== words) place.textContent = words;
  }

  get #video() {
    return /** @type {HTMLVideoElement} */ (this.querySelector("video"));
  }

  get #state() {
    return /** @type {CameraState} */ (this.dataset.state ?? "off");
  }

  /** @param {CameraState} state also what the style sheet goes by */
  set #state(state) {
    this.dataset.state = state;
  }
}

customElements.define("scan-camera", ScanCamera);
