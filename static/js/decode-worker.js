/** Worker: turns one picture at a time into the code it shows, with zxing-wasm. */
import { prepareZXingModule, readBarcodes } from "../vendor/zxing-wasm-3.1.4/es/reader/index.js";

/**
 * @typedef {object} DecodeRequest
 * @property {number} ticket
 * @property {ImageBitmap | ImageData} image
 * @property {boolean} invert also look for light codes on dark ground
 * @property {number} tilt_deg turn the picture first: bars cannot be read far off level
 */

/**
 * @typedef {object} DecodeReply
 * @property {number} ticket
 * @property {string} [text] absent when the picture shows no code
 * @property {string} [format]
 * @property {string} [problem] why decoding is impossible here
 * @property {number} decode_ms time spent in the decoder alone
 */

const FORMATS = ["QRCode", "Code128", "DataMatrix", "EAN13", "EAN8", "UPCA", "Code39"];
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
async function answer({ ticket, image, invert, tilt_deg }) {
  try {
    await ready;
    const pixels = image instanceof ImageData ? image : pixelsOf(image, tilt_deg);
    const started = performance.now();
    const [found] = await readBarcodes(pixels, {
      formats: FORMATS,
      maxNumberOfSymbols: 1,
      tryHarder: true,
      tryDownscale: true,
      tryInvert: invert,
      textMode: "Plain",
    });
    const decode_ms = performance.now() - started;
    if (!found?.isValid || !found.text) return { ticket, decode_ms };
    return { ticket, decode_ms, text: found.text, format: found.format };
  } catch (error) {
    return { ticket, decode_ms: 0, problem: String(error) };
  } finally {
    if (!(image instanceof ImageData)) image.close();
  }
}

/** @type {OffscreenCanvas | undefined} */
let canvas;

/** @param {ImageBitmap} image @param {number} tilt_deg @returns {ImageData} */
function pixelsOf(image, tilt_deg) {
  const { width, height } = image;
  if (canvas?.width !== width || canvas.height !== height) {
    canvas = new OffscreenCanvas(width, height);
  }
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new Error("no canvas");
  pen.setTransform(1, 0, 0, 1, width / 2, height / 2);
  pen.rotate((tilt_deg * Math.PI) / 180);
  pen.drawImage(image, -width / 2, -height / 2);
  return pen.getImageData(0, 0, width, height);
}
