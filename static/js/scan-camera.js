/** <scan-camera for="FORM">: a live rear camera that emits `scan-read` for each label it sees. */
import { ScreenAwake } from "./camera-awake.js";
import { lensAfter, rearLenses } from "./camera-lens.js";
import { remember } from "./camera-memory.js";
import { watchForReturn } from "./camera-return.js";
import { closeCamera, lensId, openRearCamera, trackOf } from "./camera-stream.js";
import { CameraTools } from "./camera-tools.js";
import { focusAlways } from "./camera-track.js";
import { causeOf, showTrouble } from "./camera-trouble.js";
import { startDecoder } from "./decoder.js";
import { LabelWatch } from "./label-watch.js";
import { emitScanRead } from "./scan-read.js";

/** @typedef {import("./camera-trouble.js").Cause} Cause */
/** @typedef {"off" | "starting" | "live" | "blocked"} CameraState */

const STARTING = "The camera starts. Allow it if you are asked.";
const READY = "Hold a label in the frame";
const PAUSED = "The phone has paused the camera";
const IDLE_MS = 120_000;
const HIDDEN_MS = 20_000; // long enough to answer a call: each new start may ask for permission
const MUTED_MS = 1500; // what phones take to give a picture back by themselves
const STEADY_MS = 5000; // a camera that ends sooner would do so again
const READ_MS = 350; // how long the frame shows that it read something

// What may be over when the person comes back; the others need something done.
const MAY_RECOVER = new Set(["busy", "lost", "missing", "resting"]);

class ScanCamera extends HTMLElement {
  #life = new AbortController();
  #start = new AbortController();
  #tools = new CameraTools(this);
  #awake = new ScreenAwake();
  /** @type {LabelWatch | null} */
  #watch = null;
  /** @type {MediaStream | null} */
  #stream = null;
  #restTimer = 0;

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener("pointerdown", () => this.#stir(), { signal });
    document.addEventListener("click", (event) => this.#clicked(event), { signal });
    document.addEventListener("visibilitychange", () => this.#stir(), { signal });
    addEventListener("pagehide", () => this.#stop("off"), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#open(), { signal });
    watchForReturn(signal, (why) => this.#returned(why));
    const broken = () => this.#stop("blocked", "broken");
    this.#watch = new LabelWatch(this.#video, (...what) => this.#read(...what), broken);
    startDecoder();
    this.#open();
  }

  disconnectedCallback() {
    this.#life.abort();
    this.#stop("off");
  }

  /** Reads the label in view once more. */
  rescan() {
    this.#watch?.again();
  }

  async #open() {
    if (this.#state === "starting" || this.#state === "live") return;
    this.#state = "starting";
    this.#hint(STARTING);
    this.#start = new AbortController();
    const { signal } = this.#start;
    try {
      const stream = await openRearCamera(signal);
      this.#stream = stream;
      await this.#show(stream);
    } catch (error) {
      if (!signal.aborted) this.#stop("blocked", causeOf(error));
    }
  }

  /** @param {MediaStream} stream */
  async #show(stream) {
    const track = trackOf(stream);
    this.#follow(stream, track);
    this.#video.srcObject = stream;
    const plays = await this.#video.play().then(() => true, () => false);
    if (this.#stream !== stream) return;
    if (!plays) return this.#stop("blocked", "resting"); // this browser wants a tap first
    this.#state = "live";
    showTrouble(this, null);
    this.#hint(READY);
    this.#tools.offer(track);
    this.#watch?.start();
    this.#stir();
    this.#awake.hold();
    focusAlways(track);
    this.#offerSwitch(stream);
  }

  /**
   * Calls, other apps and cables take a camera away.
   * @param {MediaStream} stream @param {MediaStreamTrack} track
   */
  #follow(stream, track) {
    const { signal } = this.#start;
    const opened_ms = performance.now();
    const lost = () => {
      this.#stop("blocked", "lost");
      if (!document.hidden && performance.now() - opened_ms > STEADY_MS) this.#open();
    };
    track.addEventListener("ended", lost, { signal, once: true });
    track.addEventListener("mute", () => this.#hint(PAUSED), { signal });
    track.addEventListener("unmute", () => this.#stream === stream && this.#resume(), { signal });
  }

  #resume() {
    this.#hint(READY);
    this.#video.play().catch(() => undefined); // the page went away again
  }

  /** @param {string} text @param {string} format */
  #read(text, format) {
    this.toggleAttribute("data-read", true);
    setTimeout(() => this.toggleAttribute("data-read", false), READ_MS);
    this.#stir();
    emitScanRead(this, { text, format, way: "camera" });
  }

  /** @param {CameraState} state @param {Cause} [cause] */
  #stop(state, cause) {
    this.#start.abort();
    clearTimeout(this.#restTimer);
    this.#watch?.stop();
    if (this.#stream) closeCamera(this.#stream);
    this.#stream = null;
    this.#video.srcObject = null;
    this.#awake.release();
    this.#tools.offer(null);
    this.#tools.offerSwitch(false);
    this.#state = state;
    showTrouble(this, cause ?? null);
  }

  /** Somebody is here: wakes a resting camera, or sets when it goes to rest. */
  #stir() {
    if (this.dataset.cause === "resting" && !document.hidden) this.#open();
    if (this.#state !== "live") return;
    clearTimeout(this.#restTimer);
    const rest = () => this.#stop("blocked", "resting");
    this.#restTimer = setTimeout(rest, document.hidden ? HIDDEN_MS : IDLE_MS);
  }

  /** @param {"seen" | "plugged" | "allowed"} why */
  #returned(why) {
    if (why === "allowed" || MAY_RECOVER.has(this.dataset.cause ?? "")) this.#open();
    const stream = this.#stream;
    if (!stream || this.#state !== "live") return;
    this.#offerSwitch(stream);
    this.#awake.hold();
    this.#resume();
    setTimeout(() => this.#stream === stream && trackOf(stream).muted && this.#reopen(), MUTED_MS);
  }

  #reopen() {
    this.#stop("off");
    this.#open();
  }

  /** @param {Event} event */
  #clicked(event) {
    const at = /** @type {Element} */ (event.target);
    if (at.closest("[data-rescan]")) return this.rescan();
    if (!this.contains(at) || this.#tools.tapped(at)) return;
    if (at.closest("[data-retry]")) this.#open();
    else if (at.closest("[data-switch]")) this.#switch();
    else if (at === this.#video) this.#tapped(/** @type {MouseEvent} */ (event));
  }

  /** @param {MouseEvent} tap */
  #tapped(tap) {
    this.rescan();
    this.#tools.focus(tap);
  }

  /** @param {MediaStream} stream */
  async #offerSwitch(stream) {
    const next = lensAfter(await rearLenses(), lensId(stream));
    if (this.#stream === stream) this.#tools.offerSwitch(next !== undefined);
  }

  async #switch() {
    const stream = this.#stream;
    const next = stream && lensAfter(await rearLenses(), lensId(stream));
    if (!next || this.#stream !== stream) return;
    remember("lens", next.deviceId);
    this.#reopen();
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
