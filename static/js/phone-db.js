/** What this phone keeps for when no server answers: its writes, the catalogue, and who scans. */
import { openDB } from "../vendor/idb-8.0.4/index.js";

/**
 * Something a label stands for, as the server last told.
 * @typedef {object} Thing
 * @property {"asset" | "part" | "location" | "person"} kind
 * @property {string} code
 * @property {string} title
 * @property {string[]} refs what else it is found by, in the server's one spelling
 * @property {string} [tag] of an asset
 * @property {boolean} [out] of an asset: checked out
 * @property {string | null} [holder] name of who has the asset
 * @property {string | null} [location] where an asset is or a part lives
 * @property {boolean} [retired] of an asset
 * @property {string} [number] of a part
 * @property {string} [unit] of a part
 * @property {"none" | "lot" | "serial"} [tracking] of a part
 * @property {[string, string][]} [balances] of a part: bin and quantity
 * @property {string[]} [blind] of a part: bins that are counted blind just now
 * @property {string} [type] of a location
 */

/** @typedef {{code: string, name: string, role: string, may: string[]}} Person */

/**
 * One write that this phone captured, until the server has it and for seven days after.
 * @typedef {object} Entry
 * @property {string} id of the operation, the same for every try
 * @property {string} action what it shares with others that were meant as one
 * @property {string} device this phone, by a name of its own
 * @property {number} capture its place in the order of this phone
 * @property {string} person code of who captured it: nobody else may send it
 * @property {string} name of that person
 * @property {Record<string, unknown> & {kind: string}} op kind and fields
 * @property {Words} words how lists show it
 * @property {Clock} clock when it was captured
 * @property {string | null} seen the server's clock when it had last answered by then
 * @property {"waiting" | "taken" | "attention" | "refused" | "left_out"} state
 * @property {string} [message] what the server said of one that it did not simply take
 * @property {number} [answered_ms] when it answered, by this phone's clock
 */

/**
 * What is left for one person in a count, as the server last told; no expected figure is in it.
 * @typedef {object} Sheet
 * @property {string} id of the count
 * @property {string} code of the printed sheet
 * @property {string} title CC-118
 * @property {string} name
 * @property {boolean} blind
 * @property {string} version another one as soon as something else is left
 * @property {string} person code of whose sheet it is
 * @property {number} read_ms when it was read, by this phone's clock
 * @property {number} bins_in_all
 * @property {Bin[]} bins with something left, in the order of walking
 */

/** @typedef {{code: string, title: string, area: string, order: number, lines: [string, string][]}} Bin */

/** @typedef {{headline: string, name: string, line: string, facts: [string, string][]}} Words */
/** @typedef {{wall_ms: number, page: string, page_ms: number}} Clock */

/**
 * @typedef {import("../vendor/idb-8.0.4/index.js").DBSchema & {
 *   outbox: {key: string, value: Entry, indexes: {capture: number, state: [string, string]}},
 *   things: {key: string, value: Thing, indexes: {refs: string}},
 *   facts: {key: string, value: unknown},
 *   sheets: {key: string, value: Sheet},
 * }} PhoneSchema
 */

/** @typedef {import("../vendor/idb-8.0.4/index.js").IDBPDatabase<PhoneSchema>} PhoneDb */

/** @type {Promise<PhoneDb> | undefined} */
let opened;

/**
 * The database of this phone; one for all pages of this server.
 * @returns {Promise<PhoneDb>} rejected where the browser keeps nothing
 */
export function phoneDb() {
  opened ??= openDB("stockscan", 2, {
    upgrade(db, before) {
      db.createObjectStore("sheets", { keyPath: "id" });
      if (before > 0) return;
      const outbox = db.createObjectStore("outbox", { keyPath: "id" });
      outbox.createIndex("capture", "capture");
      outbox.createIndex("state", ["person", "state"]);
      const things = db.createObjectStore("things", { keyPath: "code" });
      things.createIndex("refs", "refs", { multiEntry: true });
      db.createObjectStore("facts");
    },
    blocking(_current, _wanted, event) {
      opened = undefined;
      /** @type {IDBDatabase} */ (event.target).close();
    },
    terminated: () => (opened = undefined),
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

/**
 * Something small that this phone remembers: `person`, `seen`, `epoch`, `cursor`,
 * `synced_ms`, `device`, `capture`.
 * @param {string} name @returns {Promise<any>} undefined where it is not known or nothing is kept
 */
export async function fact(name) {
  try {
    return await (await phoneDb()).get("facts", name);
  } catch {
    return undefined;
  }
}

/** @param {Record<string, unknown>} facts to remember; `undefined` forgets */
export async function remember(facts) {
  try {
    const writing = (await phoneDb()).transaction("facts", "readwrite");
    for (const [name, value] of Object.entries(facts)) {
      if (value === undefined) writing.store.delete(name);
      else writing.store.put(value, name);
    }
    await writing.done;
  } catch {
    // nothing is kept here: it is asked again
  }
}
