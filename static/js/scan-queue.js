/** The reads of this tab that no server has answered yet; they outlive a reload and a sign-in. */
import { newId } from "./new-id.js";

/**
 * @typedef {object} UnsentScan
 * @property {string} id of the write this scan intends, the same for every try
 * @property {string} raw what was read
 * @property {string} way how it was read: camera, keys, photo or typed
 * @property {string} person who read it: nobody else may send it
 * @property {string} door the address that the page sends its scans to
 * @property {[string, string][] | null} fields what the first try sent, kept for the next ones
 */

const STORED = "stockscan.unsent";

/** First in, first out. Reading and changing it never throws where storage is refused. */
export class ScanQueue {
  #person;
  #door;
  /** @type {UnsentScan[]} */
  #scans;

  /** @param {string} person @param {string} door */
  constructor(person, door) {
    this.#person = person;
    this.#door = door;
    this.#scans = stored();
  }

  /** How many scans of this person wait for this door. */
  get length() {
    return this.#mine.length;
  }

  /** @returns {UnsentScan | undefined} the oldest scan of this person */
  get first() {
    return this.#mine[0];
  }

  /** @param {string} raw @param {string} way */
  add(raw, way) {
    this.#scans.push({ id: newId(), raw, way, person: this.#person, door: this.#door, fields: null });
    this.keep();
  }

  /** @param {UnsentScan} scan that the server has answered */
  drop(scan) {
    this.#scans = this.#scans.filter((one) => one !== scan);
    this.keep();
  }

  /** Writes the scans as they are now to this tab's storage. */
  keep() {
    try {
      sessionStorage.setItem(STORED, JSON.stringify(this.#scans));
    } catch {
      // storage is refused: the scans live as long as the page
    }
  }

  get #mine() {
    const here = this.#scans.filter((scan) => scan.door === this.#door);
    // A page that was opened without a server names nobody: its scans go on with who comes next.
    return here.filter((scan) => scan.person === this.#person || scan.person === "");
  }
}

/** @returns {UnsentScan[]} */
function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "[]");
  } catch {
    return [];
  }
}
