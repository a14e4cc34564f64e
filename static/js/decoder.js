/** Asks the page's one decode worker; it starts on first use and ends with the page. */

/** @typedef {import("./decode-worker.js").DecodeReply} DecodeReply */
/** @typedef {import("./looks.js").Look} Look */

/** @type {Worker | undefined} */
let worker;
let tickets = 0;
/** @type {Map<number, {resolve: (reply: DecodeReply) => void, reject: (error: Error) => void}>} */
const waiting = new Map();

const IN_WORKER = typeof OffscreenCanvas === "function" && typeof createImageBitmap === "function";

/** Loads the decoder ahead of the first picture. */
export function startDecoder() {
  if (worker) return;
  worker = new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", (event) => {
    /** @type {DecodeReply} */
    const reply = event.data;
    const asker = waiting.get(reply.ticket);
    waiting.delete(reply.ticket);
    if (reply.problem) asker?.reject(new Error(reply.problem));
    else asker?.resolve(reply);
  });
  worker.addEventListener("error", () => {
    for (const asker of waiting.values()) asker.reject(new Error("the decoder did not start"));
    waiting.clear();
  });
}

/**
 * The code in a part of a picture. Rejects only where this browser cannot decode at all.
 * @param {HTMLVideoElement | ImageBitmap} picture
 * @param {DOMRectReadOnly} region in pixels of the picture
 * @param {Look} [look]
 * @returns {Promise<DecodeReply>}
 */
export async function decode(picture, region, look = {}) {
  startDecoder();
  const image = await grab(picture, middle(region, look.share ?? 1));
  const ticket = ++tickets;
  const reply = new Promise((resolve, reject) => waiting.set(ticket, { resolve, reject }));
  const transfer = image instanceof ImageData ? image.data.buffer : image;
  worker?.postMessage({ ticket, image, look }, [transfer]);
  return reply;
}

/** @param {DOMRectReadOnly} region @param {number} share of each side */
function middle({ x, y, width, height }, share) {
  const [across, down] = [Math.round(width * share), Math.round(height * share)];
  const left = x + Math.floor((width - across) / 2);
  const top = y + Math.floor((height - down) / 2);
  return new DOMRectReadOnly(left, top, across, down);
}

/**
 * @param {HTMLVideoElement | ImageBitmap} picture @param {DOMRectReadOnly} region
 * @returns {Promise<ImageBitmap | ImageData>}
 */
async function grab(picture, { x, y, width, height }) {
  if (IN_WORKER) return createImageBitmap(picture, x, y, width, height);
  return grabHere(picture, x, y, width, height);
}

/** @type {HTMLCanvasElement | undefined} */
let canvas;

/**
 * For browsers whose workers cannot draw: reads the pixels on the page's own thread, neither turned
 * nor scaled.
 * @param {HTMLVideoElement | ImageBitmap} picture
 * @param {number} x @param {number} y @param {number} width @param {number} height
 */
function grabHere(picture, x, y, width, height) {
  canvas ??= document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.drawImage(picture, x, y, width, height, 0, 0, width, height);
  return pen.getImageData(0, 0, width, height);
}
