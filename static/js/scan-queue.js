/** The reads of this phone that no server has answered yet; they outlive the page, its tab and a sign-in. */
import { isBadge } from "./badge-text.js";
import { newId } from "./new-id.js";

/**
 * @typedef {object} UnsentScan
 * @property {string} id of the write this scan intends, the same for every try
 * @property {string} raw what was read
 * @property {string} way how it was read: camera, keys, photo or typed
 * @property {string} person who read it: nobody else may send it
 * @property {string} door the address that the page sends its scans to
 * @property {string} page the address of that page, where it is sent again, and what it is called
 * @property {string} title
 * @property {boolean} late whether a try failed
 * @property {[string, string][] | null} fields what the first try sent, kept for the next ones
 */

const STORED = "stockscan.unsent";

/** First in, first out. Reading and changing it never throws where storage is refused. */
export class ScanQueue {
  #person;
  #door;
  /** @type {UnsentScan[]} */
  #scans;
  /** @type {Set<string>} of all that went through here; other tabs keep theirs in the same storage */
  #ids;

  /** @param {string} person @param {string} door */
  constructor(person, door) {
    this.#person = person;
    this.#door = door;
    // A page that was opened without a server names nobody: its scans go on with who comes next.
    this.#scans = unsentScans().filter((scan) => scan.door === door && ["", person].includes(scan.person));
    this.#ids = new Set(this.#scans.map(({ id }) => id));
  }

  /** How many scans of this person wait for this door. */
  get length() {
    return this.#scans.length;
  }

  /** @returns {UnsentScan | undefined} the oldest scan of this person */
  get first() {
    return this.#scans[0];
  }

  /** @param {string} raw @param {string} way */
  add(raw, way) {
    const [title = ""] = document.title.split(" · ");
    const here = { door: this.#door, page: location.pathname + location.search, title };
    const scan = { id: newId(), raw, way, person: this.#person, ...here, late: false, fields: null };
    this.#scans.push(scan);
    this.#ids.add(scan.id);
    this.#keep();
  }

  /** @param {UnsentScan} scan that the server has answered */
  drop(scan) {
    this.#scans = this.#scans.filter((one) => one !== scan);
    this.#keep();
  }

  /** A try failed: all that waits here is late now, and this phone shows it on every page. */
  hold() {
    for (const scan of this.#scans) scan.late = true;
    this.#keep();
  }

  #keep() {
    const others = unsentScans().filter(({ id }) => !this.#ids.has(id));
    // The secret of a badge must not rest on the phone: it lives as long as the page.
    const own = this.#scans.filter(({ raw }) => !isBadge(raw));
    try {
      localStorage.setItem(STORED, JSON.stringify([...others, ...own]));
    } catch {
      // storage is refused: the scans live as long as the page
    }
    document.dispatchEvent(new Event("unsent-changed"));
  }
}

/** @returns {UnsentScan[]} of all pages and people on this phone, oldest first */
export function unsentScans() {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "[]");
  } catch {
    return [];
  }
}

/** @returns {UnsentScan[]} those that their page could not send */
export function lateScans() {
  return unsentScans().filter(({ late }) => late);
}
