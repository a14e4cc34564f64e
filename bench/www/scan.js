/** Lets one reader after the other read pictures: ours through its own worker, others beside it. */
/* global createImageBitmap, DOMRectReadOnly, fetch, window, Worker */
import { decode, startDecoder } from "/static/js/decoder.js";
import { frameLook, PHOTO_LOOKS } from "/static/js/looks.js";

const QUICK_LOOKS = 8; // one round of the looks at a camera that has just started
const FRAME_LOOKS = 18; // until each of the hard looks was tried once

/** A read picture: its texts, the look that read it (from 0) and the time of each look. */
const READERS = {
  plain: (picture) => looked(picture, [{}]),
  inverted: (picture) => looked(picture, [{ invert: true }]),
  quick: (picture) => looked(picture, rounds(QUICK_LOOKS, 0)),
  patient: (picture) => looked(picture, rounds(FRAME_LOOKS, Infinity)),
  photo: (picture) => photographed(picture),
  zbar: (picture) => others("zbar", picture),
  jsqr: (picture) => others("jsqr", picture),
  zxing_js: (picture) => others("zxing_js", picture),
};

/** One picture by one reader. */
async function measure(reader, address) {
  const blob = await (await fetch(address)).blob();
  const picture = await createImageBitmap(blob);
  try {
    return await READERS[reader](picture);
  } finally {
    picture.close();
  }
}

/** Some pictures; the first readings of a reader load and warm it and are thrown away. */
window.measureAll = async (reader, addresses) => {
  startDecoder();
  for (const address of addresses.slice(0, 3)) await measure(reader, address);
  const found = [];
  for (const address of addresses) found.push(await measure(reader, address));
  return found;
};

const rounds = (count, unread_ms) =>
  Array.from({ length: count }, (_, number) => frameLook(number, unread_ms));

async function looked(picture, looks) {
  const all = new DOMRectReadOnly(0, 0, picture.width, picture.height);
  const looks_ms = [];
  for (const look of looks) {
    const { text, decode_ms } = await decode(picture, all, look);
    looks_ms.push(decode_ms);
    if (text) return { texts: [text], look: looks_ms.length - 1, looks_ms };
  }
  return { texts: [], look: -1, looks_ms };
}

/** As the page looks at a photo. */
async function photographed(whole) {
  const looks_ms = [];
  for (const { side_px, looks } of PHOTO_LOOKS) {
    const picture = await shrunk(whole, side_px);
    const { texts, looks_ms: taken_ms } = await looked(picture, looks);
    looks_ms.push(...taken_ms);
    if (texts.length) return { texts, look: looks_ms.length - 1, looks_ms };
  }
  return { texts: [], look: -1, looks_ms };
}

async function shrunk(picture, side_px) {
  const scale = Math.min(1, side_px / Math.max(picture.width, picture.height));
  const [resizeWidth, resizeHeight] = [picture.width, picture.height].map((side) =>
    Math.max(1, Math.round(side * scale)));
  return createImageBitmap(picture, { resizeWidth, resizeHeight, resizeQuality: "medium" });
}

let worker;

async function others(reader, picture) {
  worker ??= new Worker("others.js", { type: "module" });
  const image = await createImageBitmap(picture);
  const { texts, ms, problem } = await new Promise((resolve, reject) => {
    worker.onmessage = (event) => resolve(event.data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage({ reader, image }, [image]);
  });
  if (problem) throw new Error(problem);
  return { texts, look: texts.length ? 0 : -1, looks_ms: [ms] };
}
