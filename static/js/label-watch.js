/** Looks at a playing video, one frame at a time, for labels that were not read yet. */
import { forgetBadge, isStillShown } from "./badge-sight.js";
import { decode } from "./decoder.js";
import { frameLook } from "./looks.js";
import { ReadGate } from "./read-gate.js";
import { regionToRead } from "./region.js";

/** Skips frames while one is being decoded, while the page is hidden or the picture not shown. */
export class LabelWatch {
  #video;
  #onRead;
  #onBroken;
  #gate = new ReadGate();
  #looks = 0;
  #read_ms = 0; // when a label was read last
  #busy = false;
  #round = 0;

  /**
   * @param {HTMLVideoElement} video
   * @param {(text: string, format: string) => void} onRead
   * @param {() => void} onBroken this browser cannot decode at all
   */
  constructor(video, onRead, onBroken) {
    this.#video = video;
    this.#onRead = onRead;
    this.#onBroken = onBroken;
  }

  start() {
    const round = ++this.#round;
    this.#onFrame(() => {
      performance.mark("scan:first-frame");
      this.#read_ms = performance.now();
      this.#watch(round);
    });
  }

  stop() {
    this.#round += 1;
  }

  /** Lets the label in view be read once more. */
  again() {
    this.#gate.reset();
    forgetBadge();
  }

  /** @param {number} round */
  #watch(round) {
    if (round !== this.#round) return;
    this.#onFrame(() => this.#watch(round));
    if (!this.#busy && !document.hidden && this.#video.clientHeight > 0) this.#look(round);
  }

  /** @param {number} round */
  async #look(round) {
    this.#busy = true;
    try {
      const { videoWidth, videoHeight, clientWidth, clientHeight } = this.#video;
      const region = regionToRead(
        { width: videoWidth, height: videoHeight },
        { width: clientWidth, height: clientHeight },
      );
      const look = frameLook(this.#looks++, performance.now() - this.#read_ms);
      const reply = await decode(this.#video, region, look);
      if (round === this.#round) this.#saw(reply);
    } catch {
      if (round === this.#round) this.#onBroken();
    } finally {
      this.#busy = false;
    }
  }

  /** @param {import("./decoder.js").DecodeReply} reply */
  #saw({ text, format = "", decode_ms }) {
    const saw = text ? { text, format } : null;
    if (saw) this.#read_ms = performance.now();
    const stays = isStillShown(text);
    if (!this.#gate.accepts(saw, performance.now()) || !text || stays) return;
    performance.mark("scan:decoded", { detail: { decode_ms, format } });
    this.#onRead(text, format);
  }

  /** @param {() => void} then */
  #onFrame(then) {
    const video = this.#video;
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(then);
    else requestAnimationFrame(then);
  }
}
