/** Worker: turns one picture at a time into the code it shows, with zxing-wasm. */
import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";
import { workedOn } from "./picture-work.js";

/** @typedef {import("./looks.js").Look} Look */

/**
 * @typedef {object} DecodeRequest
 * @property {number} ticket
 * @property {ImageBitmap | ImageData} image
 * @property {Look} look its `share` has been cut out already
 */

/**
 * @typedef {object} DecodeReply
 * @property {number} ticket
 * @property {string} [text] absent when the picture shows no code; of a GS1 code it starts with the
 *   AIM identifier (]C1, ]d2, ]Q3); bytes that are no text stand in hexadecimal
 * @property {string} [format]
 * @property {string} [problem] why decoding is impossible here
 * @property {number} decode_ms time spent on the picture, without waiting for the decoder to load
 */

const BARS = ["Code128", "EAN13", "EAN8", "UPCA", "Code39"];
const FORMATS = {
  all: ["QRCode", "DataMatrix", ...BARS],
  bars: BARS,
  strong: ["QRCode", "DataMatrix", "Code128"],
  code128: ["Code128"],
};
// One identifier a format, whatever options the code says it was made with.
/** @type {Record<string, string>} */
const GS1_PREFIX = { Code128: "]C1", DataMatrix: "]d2", QRCode: "]Q3" };
const WASM = new URL("../vendor/zxing-wasm-3.1.4/zxing_reader.wasm", import.meta.url).href;

const ready = prepareZXingModule({
  overrides: { locateFile: (path, prefix) => (path.endsWith(".wasm") ? WASM : prefix + path) },
  fireImmediately: true,
});
ready.catch(() => undefined); // each decode reports it

self.addEventListener("message", async (event) => {
  /** @type {DecodeRequest} */
  const request = event.data;
  self.postMessage(await answer(request));
});

/** @param {DecodeRequest} request @returns {Promise<DecodeReply>} */
async function answer({ ticket, image, look }) {
  try {
    await ready;
    const started = performance.now();
    const found = await read(image, look);
    return { ticket, decode_ms: performance.now() - started, ...found };
  } catch (error) {
    return { ticket, decode_ms: 0, problem: String(error) };
  } finally {
    if (!(image instanceof ImageData)) image.close();
  }
}

/**
 * @param {ImageBitmap | ImageData} image @param {Look} look
 * @returns {Promise<{text: string, format: string} | null>}
 */
async function read(image, look) {
  for (const tilt_deg of look.tilts_deg ?? [0]) {
    const level = image instanceof ImageData ? image : pixelsOf(image, tilt_deg, look.scale ?? 1);
    const pixels = look.work ? workedOn(level, look.work) : level;
    const [found] = await readBarcodes(pixels, {
      formats: FORMATS[look.only ?? "all"],
      maxNumberOfSymbols: 1,
      tryHarder: true,
      tryDownscale: look.work !== "squash",
      tryRotate: look.work !== "squash",
      tryInvert: look.invert ?? false,
      binarizer: look.global ? "GlobalHistogram" : "LocalAverage",
      textMode: "Plain",
    });
    if (found?.isValid && found.bytes.length) return { text: textOf(found), format: found.format };
  }
  return null;
}

/** @param {import("../vendor/zxing-wasm-3.1.4/es/reader/index.js").ReadResult} found */
function textOf({ text, bytes, contentType, format, symbologyIdentifier }) {
  if (!text) return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (contentType !== "GS1") return text;
  return (GS1_PREFIX[format] ?? symbologyIdentifier) + text;
}

/** @type {OffscreenCanvas | undefined} */
let canvas;

/** @param {ImageBitmap} image @param {number} tilt_deg @param {number} scale @returns {ImageData} */
function pixelsOf(image, tilt_deg, scale) {
  const width = Math.round(image.width * scale);
  const height = Math.round(image.height * scale);
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.resetTransform();
  pen.clearRect(0, 0, width, height);
  pen.translate(width / 2, height / 2);
  pen.rotate((tilt_deg * Math.PI) / 180);
  pen.drawImage(image, -width / 2, -height / 2, width, height);
  return pen.getImageData(0, 0, width, height);
}
