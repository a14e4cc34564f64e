/** Counting by a sheet without the server: the bin, its parts one after another, then the next bin. */
import { thingWith } from "./catalogue.js";
import { packEntries, sumOf, unpackEntries } from "./count-sum.js";
import { NOTHING } from "./offline-plan.js";
import { binOf, sheetOf } from "./offline-sheet.js";
import { fact } from "./phone-db.js";

/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Sheet} Sheet */
/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {import("./offline-plan.js").Plan} Plan */
/** @typedef {import("./offline-plan.js").Situation} Situation */

/**
 * What a scanned thing means in a count.
 * @param {Thing} here @param {Situation} now @returns {Promise<Plan>}
 */
export async function planInCount(here, now) {
  const isSame = here.code === now.part?.code;
  if (now.scanned && !isSame) {
    const figure = sumOf(unpackEntries(now.scanned));
    return refuse(now, `${figure} is not recorded yet. Tap Next, or erase it; then scan.`);
  }
  if (here.kind === "location") return { after: await asking(visiting(now, here)), operations: [] };
  if (here.kind !== "part") return refuse(now, `${here.title} is not counted here. Scan a part, or the next bin.`);
  if (!now.on) return refuse(now, `Scan the bin first, then ${here.title}.`);
  const before = isSame ? unpackEntries(now.scanned) : [];
  const scanned = here.tracking === "serial" ? "" : packEntries([...before, "+1"]);
  const lot = isSame ? now.lot : "";
  return { after: { ...now, part: here, act: "count", lot, scanned, say: "", done: "" }, operations: [] };
}

/** The count whose sheet was scanned. @param {Sheet} sheet @param {Situation} now @returns {Situation} */
export function openedSheet(sheet, now) {
  return { ...NOTHING, mode: "count", many: now.many, count: sheet.id, sheet };
}

/**
 * The situation with the next part of the bin to be entered; as it is where none is left.
 * @param {Situation} now @returns {Promise<Situation>}
 */
export async function asking(now) {
  const [part, lot] = (now.sheet && binOf(now.sheet, now.on?.code)?.lines[0]) ?? ["", ""];
  const thing = await thingWith(part);
  const after = { ...now, part: null, act: "", lot: "", scanned: "", say: "" };
  return thing?.kind === "part" ? { ...after, part: thing, act: "count", lot } : after;
}

/** The same after something was kept: the sheet has less on it. @param {Situation} now @returns {Promise<Situation>} */
export async function onward(now) {
  const person = /** @type {Person | undefined} */ (await fact("person"));
  return asking({ ...now, sheet: await sheetOf(person, now.count) });
}

/** That nothing else lies in the bin. @param {Situation} now */
export function completion(now) {
  const window_ms = Math.min(86_400_000, Math.max(0, Date.now() - (now.began || Date.now())));
  return { kind: "count", location: now.on?.code, complete: true, window_ms, ...ofCount(now) };
}

/** What a count says of the sheet that it is for. @param {{count: string}} now */
export function ofCount({ count }) {
  return count ? { count } : {};
}

/** @param {Situation} now @param {Thing} bin @returns {Situation} */
function visiting({ many, count, sheet }, bin) {
  return { ...NOTHING, mode: "count", many, count, sheet, on: bin, began: Date.now() };
}

/** @param {Situation} now @param {string} problem @returns {Plan} */
function refuse(now, problem) {
  return { after: { ...now, done: "" }, operations: [], problem };
}
