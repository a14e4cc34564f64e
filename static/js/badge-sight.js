/** Whether a badge still stands before the camera: one that stays there, over pages, counts once. */
import { isBadge } from "./badge-text.js";

const GONE_MS = 2000;
const LOADING_MS = 6000; // from one page's last look to the next one's first
const STORED = "stockscan.badge";

/** @typedef {{print: number, at_ms: number}} Sight which badge, in 16 bits, and when it was seen */

/** @type {Sight | null} */
let last = null;
let looked = false;

/**
 * Takes note of what one look saw.
 * @param {string | undefined} text
 * @returns {boolean} whether it is a badge that was there all the time
 */
export function isStillShown(text) {
  const now_ms = Date.now();
  if (!looked) last = fromPageBefore(now_ms);
  looked = true;
  if (!text || !isBadge(text)) return false;
  const print = printOf(text);
  const stays = last?.print === print && now_ms - last.at_ms < GONE_MS;
  keep({ print, at_ms: now_ms });
  return stays;
}

/** Who taps the picture means the badge in it. */
export function forgetBadge() {
  keep(null);
}

/** While no camera ran nobody could see whether it went. @param {number} now_ms */
function fromPageBefore(now_ms) {
  const before = stored();
  return before && now_ms - before.at_ms < LOADING_MS ? { ...before, at_ms: now_ms } : null;
}

/** Too short to lead back to the badge. @param {string} text */
function printOf(text) {
  let print = 0;
  for (const sign of text) print = (print * 31 + (sign.codePointAt(0) ?? 0)) & 0xffff;
  return print;
}

/** @param {Sight | null} sight */
function keep(sight) {
  last = sight;
  try {
    sessionStorage.setItem(STORED, JSON.stringify(sight));
  } catch {
    // storage is refused: it is known until the page goes
  }
}

/** @returns {Sight | null} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null");
  } catch {
    return null;
  }
}
