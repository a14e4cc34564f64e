/** A sheet as it is with what waits on this phone: what is left, in which bin, and what comes next. */
import { entries } from "./outbox.js";
import { phoneDb } from "./phone-db.js";

/** @typedef {import("./phone-db.js").Bin} Bin */
/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Sheet} Sheet */

/**
 * My sheets on this phone, without what was counted here since.
 * @param {Person} person @returns {Promise<Sheet[]>}
 */
export async function mySheets(person) {
  const kept = await (await phoneDb()).getAll("sheets");
  const counted = await entries();
  return kept.filter((sheet) => sheet.person === person.code).map((sheet) => leftOf(sheet, counted));
}

/**
 * One of them: by the id of its count, or by the code that is printed on it.
 * @param {Person | undefined} person @param {string} text @returns {Promise<Sheet | null>}
 */
export async function sheetOf(person, text) {
  if (!person || !text) return null;
  const mine = await mySheets(person);
  return mine.find(({ id, code }) => id === text || code === text) ?? null;
}

/**
 * A sheet without the lines that this phone counted and the server had not told of yet.
 * @param {Sheet} sheet @param {Entry[]} all @returns {Sheet}
 */
export function leftOf(sheet, all) {
  const undone = new Set(all.map(({ op }) => op.kind === "reverse" && op.operation));
  const counted = all.filter(({ id, op, state, answered_ms }) =>
    op.kind === "count" && op.count === sheet.id && !undone.has(id)
    && (state === "waiting" || (state !== "refused" && (answered_ms ?? 0) > sheet.read_ms)));
  const bins = sheet.bins.map((bin) => withoutCounted(bin, counted.map(({ op }) => op)));
  return { ...sheet, bins: bins.filter((bin) => bin !== null) };
}

/** The bin that comes next on the way behind another, else the first. @param {Sheet} sheet @param {string} [after] code */
export function nextBin({ bins }, after) {
  const here = bins.find(({ code }) => code === after)?.order ?? -1;
  const others = bins.filter(({ code }) => code !== after);
  return others.find(({ order }) => order > here) ?? others[0] ?? null;
}

/** What is left in a bin; null where nothing is, or where it is not on the sheet. @param {Sheet} sheet @param {string} [code] */
export function binOf({ bins }, code) {
  return bins.find((bin) => bin.code === code) ?? null;
}

/**
 * @param {Bin} bin @param {Entry["op"][]} counted
 * @returns {Bin | null} null for one that is done
 */
function withoutCounted(bin, counted) {
  const here = counted.filter(({ location }) => location === bin.code);
  if (here.some(({ complete }) => complete)) return null;
  const done = new Set(here.map(({ part, lot }) => `${part} ${lot ?? ""}`));
  const lines = bin.lines.filter(([part, lot]) => !done.has(`${part} ${lot}`));
  return lines.length > 0 || here.length === 0 ? { ...bin, lines } : null;
}
