/** The event by which every way of scanning hands over what it read. */

/**
 * @typedef {object} ScanRead
 * @property {string} text what the code says, at most 512 characters
 * @property {string} format name of the symbology, "keys" for a keyboard scanner
 * @property {number} at time of the read on the page's own clock, in milliseconds
 */

const LONGEST = 512;

/**
 * Sends a bubbling `scan-read` from the element that read it.
 * @param {Element} from @param {string} text @param {string} format
 */
export function emitScanRead(from, text, format) {
  const detail = { text: text.slice(0, LONGEST), format, at: performance.now() };
  from.dispatchEvent(new CustomEvent("scan-read", { detail, bubbles: true }));
}

/** @param {Event} event @returns {ScanRead} */
export function scanRead(event) {
  return /** @type {CustomEvent<ScanRead>} */ (event).detail;
}
