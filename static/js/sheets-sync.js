/** Brings the sheets of my counts to this phone: each once, and again when something else is left. */
import { fact, phoneDb } from "./phone-db.js";
import { ask } from "./reach.js";

/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Sheet} Sheet */
/** @typedef {Omit<Sheet, "person" | "read_ms"> & {more: number | null}} Page */

const ADDRESS = "/api/v1/sheets";
const MAY_COUNT = "count:record";

/** @type {Promise<void> | undefined} */
let syncing;

/** Takes over what is left for who is signed in; without an answer the next time will do. */
export function syncSheets() {
  syncing ??= readSheets().catch(() => {}).finally(() => (syncing = undefined));
  return syncing;
}

/** Lets go of the sheets; the next sync brings them again. */
export async function forgetSheets() {
  await (await phoneDb()).clear("sheets");
}

async function readSheets() {
  const person = /** @type {Person | undefined} */ (await fact("person"));
  if (!person?.may.includes(MAY_COUNT)) return;
  const listed = await read(ADDRESS);
  if (!listed) return;
  const db = await phoneDb();
  const known = new Map((await db.getAll("sheets")).map((sheet) => [sheet.id, sheet]));
  for (const { id, version } of /** @type {Sheet[]} */ (listed.sheets)) {
    const mine = known.get(id);
    known.delete(id);
    if (mine?.version === version && mine.person === person.code) continue;
    const sheet = await readSheet(id, person.code);
    if (sheet) await db.put("sheets", sheet);
  }
  for (const id of known.keys()) await db.delete("sheets", id);
}

/** @param {string} id @param {string} person @returns {Promise<Sheet | null>} */
async function readSheet(id, person) {
  const read_ms = Date.now();
  /** @type {Sheet["bins"]} */
  const bins = [];
  for (let begin = 0; ;) {
    const page = /** @type {Page | null} */ (await read(`${ADDRESS}/${id}?begin=${begin}`));
    if (!page) return null;
    const { more, ...told } = page;
    bins.push(...page.bins);
    if (more === null) return { ...told, person, read_ms, bins };
    begin = more;
  }
}

/** @param {string} address @returns {Promise<any>} null where the server does not say */
async function read(address) {
  const answer = await ask(address);
  return answer.ok ? answer.json() : null;
}
