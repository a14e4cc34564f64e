/** The things that this phone knows: found by what was scanned, or by their names. */
import { phoneDb } from "./phone-db.js";
import { readCode, spelling } from "./read-code.js";

/** @typedef {import("./phone-db.js").Thing} Thing */

const MOST_MATCHES = 6;

/**
 * The one thing that a scanned or typed string stands for.
 * @param {string} raw @returns {Promise<Thing | null>} null if the phone knows none, or several
 */
export async function thingOf(raw) {
  const { code, spellings } = readCode(raw);
  const db = await phoneDb();
  const labelled = code ? await db.get("things", code) : undefined;
  if (labelled) return labelled;
  for (const ref of code ? [code, ...spellings] : spellings) {
    const found = await db.getAllFromIndex("things", "refs", ref, 2);
    if (found[0]) return found.length === 1 ? found[0] : null;
  }
  return null;
}

/** @param {string} code of a label @returns {Promise<Thing | null>} */
export async function thingWith(code) {
  return code ? await (await phoneDb()).get("things", code) ?? null : null;
}

/** Whether there is any catalogue on this phone. @returns {Promise<boolean>} */
export async function isThereAny() {
  try {
    return await (await phoneDb()).count("things") > 0;
  } catch {
    return false;
  }
}

/** Lets go of the catalogue; the next sync brings all of it again. */
export async function forgetThings() {
  const writing = (await phoneDb()).transaction(["things", "facts"], "readwrite");
  writing.objectStore("things").clear();
  writing.objectStore("facts").delete("cursor");
  await writing.done;
}

/**
 * Things in whose name, number or tag all the words stand; those that begin with them first.
 * @param {string} text @returns {Promise<Thing[]>}
 */
export async function search(text) {
  const words = spelling(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  /** @type {Thing[]} */
  const found = [];
  const reading = (await phoneDb()).transaction("things");
  for (let row = await reading.store.openCursor(); row; row = await row.continue()) {
    const said = spelling([row.value.title, ...row.value.refs].join(" "));
    if (words.every((word) => said.includes(word))) found.push(row.value);
  }
  const begins = (/** @type {Thing} */ thing) => spelling(thing.title).startsWith(words[0] ?? "");
  found.sort((one, other) => Number(begins(other)) - Number(begins(one)));
  return found.slice(0, MOST_MATCHES);
}
