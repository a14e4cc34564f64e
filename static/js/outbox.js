/** The writes that this phone captured: kept until the server has each of them, in order. */
import { forgetThings } from "./catalogue.js";
import { newId } from "./new-id.js";
import { phoneDb } from "./phone-db.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Words} Words */
/** @typedef {{id: string, op: Entry["op"], words: Words}} Write */

const DAY_MS = 86_400_000;
const KEPT_MS = 7 * DAY_MS; // of what the server has: it may be restored from an older backup
const PAGE = newId();

/** @type {Map<string, Entry>} what could not be written to the phone: it lives as long as the page */
const unsaved = new Map();
let asked = false;

const otherTabs = "BroadcastChannel" in globalThis ? new BroadcastChannel("stockscan-outbox") : null;
otherTabs?.addEventListener("message", () => document.dispatchEvent(new Event("outbox-changed")));

/**
 * Keeps writes, all or none; when this resolves they survive a crash of the browser. An id that is
 * kept already is left as it is.
 * @param {Person} person who captured them @param {string} action @param {Write[]} writes
 * @param {string | null} seen @returns {Promise<boolean>} false if only this page holds them
 */
export async function keep(person, action, writes, seen) {
  const entries = writes.map(({ id, op, words }) => ({
    id, action, op, words, seen, capture: 0, device: PAGE, clock: clockNow(),
    person: person.code, name: person.name, state: /** @type {const} */ ("waiting"),
  }));
  const saved = await save(entries);
  if (saved) askToPersist();
  else for (const entry of entries) hold(entry);
  changed();
  return saved;
}

/** @returns {Promise<Entry[]>} everything that is kept, in the order of capture */
export async function entries() {
  const kept = await (await phoneDbOrNull())?.getAllFromIndex("outbox", "capture") ?? [];
  const ids = new Set(kept.map((entry) => entry.id));
  return [...kept, ...[...unsaved.values()].filter((entry) => !ids.has(entry.id))];
}

/** @param {string} person code @returns {Promise<Entry[]>} what they captured and is not sent */
export async function waitingOf(person) {
  const db = await phoneDbOrNull();
  const kept = await db?.getAllFromIndex("outbox", "state", [person, "waiting"]) ?? [];
  const held = [...unsaved.values()].filter((one) => one.person === person && one.state === "waiting");
  return [...kept.sort((one, other) => one.capture - other.capture), ...held];
}

/** Whether something lives on this page only. */
export function isHeldHere() {
  return [...unsaved.values()].some(({ state }) => state === "waiting");
}

/**
 * Notes what the server said of an entry.
 * @param {string} id @param {Entry["state"]} state @param {string} [message]
 */
export async function settle(id, state, message) {
  await change(id, (entry) => ({ ...entry, state, message, answered_ms: Date.now() }));
}

/** Whether somebody has to look at an entry: not taken, or taken with something to be said. @param {Entry} entry */
export function isTroubled({ state, message }) {
  return ["refused", "attention", "left_out"].includes(state) || isToBeSeen({ state, message });
}

/** Whether it was taken, and there is something to do about it. @param {Pick<Entry, "state" | "message">} entry */
export function isToBeSeen({ state, message }) {
  return state === "taken" && message !== undefined;
}

/** Sends an entry again that the server did not take. @param {string} id */
export async function sendAgain(id) {
  await change(id, (entry) => ({ ...entry, state: "waiting", message: undefined }));
  changed();
}

/** Forgets an entry; only a person decides that. @param {string} id */
export async function drop(id) {
  unsaved.delete(id);
  await (await phoneDbOrNull())?.delete("outbox", id);
  changed();
}

/** Offers everything of the last week once more: the server may have lost it, and takes it once. */
export async function offerAgain() {
  const writing = (await phoneDb()).transaction("outbox", "readwrite", { durability: "strict" });
  for (let row = await writing.store.openCursor(); row; row = await row.continue()) {
    const isSettled = row.value.state === "taken" || row.value.state === "attention";
    if (isSettled) await row.update({ ...row.value, state: "waiting", message: undefined });
  }
  await writing.done;
  changed();
}

/** Lets go of what the server has had for a week. */
export async function tidy() {
  const old = Date.now() - KEPT_MS;
  for (const { id, state, answered_ms } of await entries()) {
    if (state === "taken" && (answered_ms ?? 0) < old) await drop(id);
  }
}

/**
 * How long ago an entry was captured, in milliseconds: by the wall clock, and where the page is
 * still the same by its own too. The first stops for nobody, the second for a phone that sleeps, so
 * the truth lies between them.
 * @param {Entry} entry @returns {{least: number, most: number}}
 */
export function ageOf({ clock }) {
  const wall = Math.max(0, Date.now() - clock.wall_ms);
  const page = clock.page === PAGE ? Math.max(0, performance.now() - clock.page_ms) : wall;
  return { least: Math.round(Math.min(wall, page)), most: Math.round(Math.max(wall, page)) };
}

/** A browser that is short of space must not clear what waits here; most grant that unasked. */
function askToPersist() {
  if (!asked) navigator.storage?.persist?.().catch(() => {});
  asked = true;
}

/** Tells this page and the other tabs that something is different. */
function changed() {
  document.dispatchEvent(new Event("outbox-changed"));
  otherTabs?.postMessage("changed");
}

function clockNow() {
  return { wall_ms: Date.now(), page: PAGE, page_ms: performance.now() };
}

/** @param {Entry[]} fresh @returns {Promise<boolean>} */
async function save(fresh) {
  try {
    return await write(fresh);
  } catch (error) {
    const isFull = error instanceof DOMException && error.name === "QuotaExceededError";
    try {
      // The catalogue can be had again, a scan can not; other faults of a browser often pass.
      if (isFull) await forgetThings();
      return await write(fresh);
    } catch {
      return false;
    }
  }
}

/** @param {Entry[]} fresh */
async function write(fresh) {
  const db = await phoneDb();
  const writing = db.transaction(["outbox", "facts"], "readwrite", { durability: "strict" });
  const outbox = writing.objectStore("outbox");
  const facts = writing.objectStore("facts");
  const device = /** @type {string} */ (await facts.get("device") ?? newId());
  let capture = Number(await facts.get("capture") ?? 0);
  for (const entry of fresh) {
    if (await outbox.getKey(entry.id)) continue;
    capture += 1;
    await outbox.add({ ...entry, capture, device });
  }
  await facts.put(device, "device");
  await facts.put(capture, "capture");
  await writing.done;
  return true;
}

/** @param {Entry} entry */
function hold(entry) {
  unsaved.set(entry.id, { ...entry, capture: unsaved.size + 1 });
}

/** @param {string} id @param {(entry: Entry) => Entry} how */
async function change(id, how) {
  const held = unsaved.get(id);
  if (held) return void unsaved.set(id, how(held));
  const db = await phoneDb();
  const writing = db.transaction("outbox", "readwrite", { durability: "strict" });
  const entry = await writing.store.get(id);
  if (entry) await writing.store.put(how(entry));
  await writing.done;
}

async function phoneDbOrNull() {
  try {
    return await phoneDb();
  } catch {
    return null;
  }
}
