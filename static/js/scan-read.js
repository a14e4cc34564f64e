/** The event by which every way of scanning hands over what it read, once. */
import { isBadge } from "./badge-text.js";
import { clearNotice, shownNotice, showNotice } from "./notice.js";
import { signal } from "./sounds.js";

/**
 * @typedef {object} Read
 * @property {string} text what the code says; with its GS characters and, for GS1, its AIM prefix
 * @property {string} format name of the symbology, "keys" for a keyboard scanner
 * @property {"camera" | "keys" | "photo" | "typed"} way
 */

/** @typedef {Read & {at: number}} ScanRead `at`: time of the read on the page's own clock, in ms */

const LONGEST = 4096;
const REPEAT_MS = 2000;
const STORED = "stockscan.reads";
const AGAIN = "Already scanned";

/**
 * Sends a bubbling `scan-read` from the element that read it. The same text within two seconds,
 * by whatever way, counts once unless the screen was touched in between: the person hears and
 * sees that it was scanned already.
 * @param {Element} from @param {Read} read
 */
export function emitScanRead(from, read) {
  const text = read.text.slice(0, LONGEST + 1); // one more than the server takes: it says so
  if (!isBadge(text) && isRepeat(text)) return tellRepeat(); // a badge is kept nowhere
  const detail = { ...read, text, at: performance.now() };
  from.dispatchEvent(new CustomEvent("scan-read", { detail, bubbles: true }));
}

/** @param {Event} event @returns {ScanRead} */
export function scanRead(event) {
  return /** @type {CustomEvent<ScanRead>} */ (event).detail;
}

/**
 * Text and time of the reads of the last two seconds. They outlive the page: a scan may open the
 * next one before the trigger is released.
 * @type {[string, number][]}
 */
let recent = stored();

// A scanner repeats by itself; who has touched the screen since means the second scan.
addEventListener("pointerdown", forget, { capture: true });

function forget() {
  recent = [];
  keep();
}

/** @param {string} text */
function isRepeat(text) {
  const now_ms = Date.now();
  recent = recent.filter(([, at_ms]) => now_ms - at_ms < REPEAT_MS);
  const repeated = recent.some(([read]) => read === text);
  if (!repeated) recent.push([text, now_ms]);
  keep();
  return repeated;
}

function tellRepeat() {
  signal("again");
  if (shownNotice()) return; // what it says matters more
  const shown = new AbortController();
  const show = () => shownNotice() || showNotice(AGAIN);
  show();
  // The answer to the first of the two may come now, and with it an empty line.
  document.addEventListener("htmx:after:swap", show, { signal: shown.signal });
  setTimeout(() => {
    shown.abort();
    if (shownNotice() === AGAIN) clearNotice();
  }, REPEAT_MS);
}

function keep() {
  try {
    sessionStorage.setItem(STORED, JSON.stringify(recent));
  } catch {
    // storage is refused: the reads are known until the page goes
  }
}

/** @returns {[string, number][]} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
  } catch {
    return [];
  }
}
