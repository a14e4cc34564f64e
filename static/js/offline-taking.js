/** From a scan or a tap to writes that are kept, and the screen that says so. */
import { search, thingOf } from "./catalogue.js";
import { filled } from "./fill.js";
import { derivedId, newId } from "./new-id.js";
import { showNotice } from "./notice.js";
import { planInAudit } from "./offline-audit.js";
import { completion, onward, openedSheet, planInCount } from "./offline-counting.js";
import { entryOperation } from "./offline-entry.js";
import { planFor, planForCard, planForMany } from "./offline-plan.js";
import { rulesOfPage } from "./offline-rules.js";
import {
  draw, openEntry, situationOf, thingNow, titles, undoLeft, withWaiting, writtenBy,
} from "./offline-scene.js";
import { sheetOf } from "./offline-sheet.js";
import { wordsOf } from "./offline-words.js";
import { entries, keep } from "./outbox.js";
import { fact } from "./phone-db.js";
import { readCode } from "./read-code.js";

/** @typedef {import("./offline-plan.js").Operation} Operation */
/** @typedef {import("./offline-plan.js").Situation} Situation */
/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {{id: string, raw: string, way: string, fields: Iterable<[string, FormDataEntryValue]>}} Scan */

/** @type {Record<string, string>} the permission that a write asks for */
const PERMITS = {
  check_out: "custody:change", check_in: "custody:change", move_asset: "asset:move",
  audit: "count:record", install: "part:install", return_part: "part:install", condition: "custody:change",
};
const GLANCES = new Set(["camera", "keys", "photo"]); // a tap or a typed code is always meant
const SAME_SCAN_MS = 2000;
const AGAIN = "Already scanned: another label of the same thing";
/** What was written last, and by which label. */
let wrote = { code: "", text: "", at_ms: -Infinity };

const SAFE = "Safe on this phone. Sent when the server answers.";
const UNSAVED = "This phone has no room left: keep this page open until it is sent.";

/** Does what one scan means, and shows it. @param {Person} person @param {Scan} scan */
export async function takeScan(person, { id, raw, way, fields }) {
  const said = new Map(fields);
  const now = await situationOf(said);
  const known = (await entries()).find((entry) => entry.id === id || entry.action === id);
  if (known) return draw({ ...now, done: known.action }, null); // the page ended in between
  const { code, text } = readCode(raw);
  const card = code ? rulesOfPage().cards[code] : undefined;
  const sheet = await sheetOf(person, code ?? "");
  if (sheet) return draw(openedSheet(sheet, now), null);
  const found = card ? null : await thingMeant(raw, way);
  if (found && isSecondLabel(found, text, way)) return showNotice(AGAIN);
  if (!card && !found) return keepUnknown(person, id, text, now, way);
  const via = String(said.get("via") ?? "");
  const plan = card ? planForCard(card, now, await lastFitted(now))
    : await planWith(/** @type {Thing} */ (found), { ...now, mode: via || now.mode });
  if (plan.undo) return takeBack(person, now.done, id);
  const refusal = plan.problem ?? whyNot(person, plan.operations, plan.after.mode);
  if (refusal) return draw({ ...now, done: "" }, { tone: "problem", headline: "Not recorded", message: refusal });
  const after = { ...plan.after, mode: card ? plan.after.mode : now.mode };
  if (plan.operations.length === 0) return draw(after, null);
  if (found) wrote = { code: found.code, text, at_ms: performance.now() };
  await keepAll(person, id, plan.operations, after, { action: plan.goesOn ? now.done : id });
}

/** @param {Thing} found @param {Situation} now */
async function planWith(found, now) {
  if (now.audit && now.mode === "count") return planInAudit(found, now);
  if (now.count && now.mode === "count") return planInCount(found, now);
  const here = await withWaiting(found);
  const isForAll = now.mode === "collect" && now.many.length > 0;
  if (!isForAll || (here.kind !== "person" && here.kind !== "location")) return planFor(here, now);
  const collected = (await Promise.all(now.many.map(thingNow))).filter((thing) => thing !== null);
  return planForMany(collected, here, now);
}

/**
 * Why this person may not do that; "" where nothing stands in the way.
 * @param {Person} person @param {Operation[]} operations @param {string} mode
 */
function whyNot({ may }, operations, mode) {
  const needed = [rulesOfPage().needed[mode], ...operations.map(({ kind }) => PERMITS[kind])];
  const isAllowed = needed.every((permission) => !permission || may.includes(permission));
  return isAllowed ? "" : "Your role does not allow this. Ask a supervisor.";
}

/** Two labels of one thing come into view together. @param {Thing} found @param {string} text @param {string} way */
function isSecondLabel(found, text, way) {
  if (!GLANCES.has(way) || wrote.code !== found.code || wrote.text === text) return false;
  return performance.now() - wrote.at_ms < SAME_SCAN_MS;
}

/** One part that was put on or taken off last. @param {Situation} now @returns {Promise<Operation | null>} */
async function lastFitted(now) {
  const [only, more] = await writtenBy(now.done);
  const isOne = only && !more && only.op.quantity === "1" && (await undoLeft(now.done)) > 0;
  if (isOne && ["install", "return_part"].includes(only.op.kind)) return only.op;
  // What the server recorded says so in its own stage.
  const said = document.querySelector("#stage [data-last]")?.getAttribute("data-last");
  return said ? JSON.parse(said) : null;
}

/**
 * Takes back what was recorded last: what this phone wrote, or what the server's button names.
 * @param {Person} person @param {string} action @param {string} id of this write
 * @param {string[]} [named] operations, newest first
 */
export async function takeBack(person, action, id, named) {
  const now = { ...(await situationOf(new URLSearchParams(location.search))), done: "" };
  const mine = await writtenBy(action);
  const button = document.querySelector("#stage .dock form[data-operations]"); // of what is shown
  const shown = button?.getAttribute("data-operations");
  const ids = mine.length ? mine.map((entry) => entry.id).reverse() : named ?? shown?.split(" ") ?? [];
  if (ids.length === 0) return draw(now, { tone: "problem", headline: "Nothing to undo" });
  const operations = ids.map((operation) => ({ kind: "reverse", operation }));
  const one = mine[0]?.words.name ?? "The last record";
  const name = ids.length > 1 ? `${ids.length} records` : one;
  await keepAll(person, id, operations, now, { name });
}

/** Takes back one write that waits. @param {Person} person @param {Entry} entry */
export async function takeBackOne(person, entry) {
  const words = { headline: "Taken back", name: entry.words.name, line: `Taken back: ${entry.words.line}`, facts: [] };
  const id = newId();
  const op = { kind: "reverse", operation: entry.id };
  await keep(person, id, [{ id, op, words }], (await fact("seen")) ?? null);
}

/**
 * Does what a form or a button of the stage means.
 * @param {Person} person @param {HTMLElement} from @param {FormData} said
 * @returns {Promise<boolean>} false where only the server can do it
 */
export async function takeForm(person, from, said) {
  const stage = /** @type {HTMLElement} */ (from.closest("#stage"));
  const action = from.getAttribute("action") ?? "";
  const shown = new Map(new URL(stage.dataset.address ?? "/scan", location.href).searchParams);
  const id = String(said.get("id") ?? stage.dataset.id ?? newId());
  if (from.hasAttribute("data-take-back")) {
    await takeBack(person, shown.get("done") ?? "", id);
  } else if (from.dataset.raw) {
    const fields = new Map([...shown, ["via", from.dataset.via ?? ""]]);
    await takeScan(person, { id, raw: from.dataset.raw, way: "tap", fields });
  } else if (from.hasAttribute("data-complete")) {
    const now = await situationOf(shown);
    await keepAll(person, id, [completion(now)], now);
  } else if (from.dataset.act) {
    await draw(await situationOf(new Map([...shown, ["act", from.dataset.act]])), null);
  } else if (action === "/scans") {
    await takeScan(person, { id, raw: String(said.get("raw")), way: "tap", fields: said });
  } else if (action === "/entries" || from.hasAttribute("data-entry")) {
    await takeEntry(person, id, stage, said, shown);
  } else {
    const reversal = /^\/operations\/([0-9a-f-]{36})\/reversal$/.exec(action);
    const named = from.getAttribute("data-operations")?.split(" ").filter(Boolean);
    if (reversal) await takeBack(person, reversal[1] ?? "", id, named);
    else return takeOther(person, action, id, said);
  }
  return true;
}

/** @param {Person} person @param {string} action @param {string} id @param {FormData} said @returns {Promise<boolean>} */
async function takeOther(person, action, id, said) {
  const text = (/** @type {string} */ name) => String(said.get(name) ?? "");
  const now = { ...(await situationOf(said)), done: "" };
  const question = /^\/operations\/([0-9a-f-]{36})\/answer$/.exec(action);
  if (question) {
    const side = text("side") === "before" ? "before_count" : "after_count";
    await keepAll(person, id, [{ kind: "retime", operation: question[1], [side]: Number(text("line")) }], now);
  } else if (action === "/handovers") {
    const asset = text("asset");
    const out = { kind: "check_out", asset, to_person: text("to") || person.code };
    await keepAll(person, id, [{ kind: "check_in", asset }, out], now);
  } else if (action === "/batches") {
    const out = text("act") === "check_out";
    const receiver = out ? await thingNow(text("to")) : null;
    const collected = (await Promise.all(now.many.map(thingNow))).filter((thing) => thing !== null);
    const back = collected.filter((thing) => thing.out).map(({ code: asset }) => ({ kind: "check_in", asset }));
    const plan = receiver ? planForMany(collected, receiver, now) : { operations: back, problem: "" };
    const problem = plan.problem || (plan.operations.length ? "" : "None of them is out.");
    if (problem) await draw(now, { tone: "problem", headline: "Not recorded", message: problem });
    else await keepAll(person, id, plan.operations, { ...now, many: [] });
  } else if (action === "/completions") {
    await keepAll(person, id, [completion(now)], now);
  } else if (action === "/visits") {
    await takeScan(person, { id, raw: text("on"), way: "tap", fields: said });
  } else return false;
  return true;
}

/**
 * @param {Person} person @param {string} id @param {HTMLElement} stage @param {FormData} said
 * @param {Map<string, string>} shown fields of the stage
 */
async function takeEntry(person, id, stage, said, shown) {
  const text = (/** @type {string} */ name) => String(said.get(name) || shown.get(name) || "");
  for (const mark of ["lot", "serial"]) {
    if (!said.get(mark) && said.get(`${mark}_typed`)) said.set(mark, String(said.get(`${mark}_typed`)));
  }
  const opened_ms = Number(stage.dataset.opened ?? Date.now());
  const entry = { act: text("act"), on: text("on"), part: text("part"), opened_ms, count: text("count") };
  const read = entryOperation(said, entry);
  const typed = { on: entry.on, part: entry.part, act: entry.act, entries: text("entries") };
  const now = await situationOf(new Map([...shown, ...Object.entries(typed)]));
  if ("fault" in read) return openEntry(now, read.fault);
  await keepAll(person, id, [read.operation], { ...now, part: null, act: "" });
}

/**
 * Keeps writes that were meant as one, and shows them.
 * @param {Person} person @param {string} id @param {Operation[]} operations
 * @param {Situation} after
 * @param {{name?: string, action?: string}} [how] what was done, where it does not say so itself;
 *   and the action that it adds to
 */
async function keepAll(person, id, operations, after, { name, action = id } = {}) {
  const titleOf = await titles(operations.flatMap((one) => Object.values(one)).map(String));
  const writes = operations.map((op, at) => {
    const words = wordsOf(op, titleOf);
    const shown = name ? { ...words, name } : words;
    return { id: operations.length > 1 ? derivedId(id, at) : id, op, words: shown };
  });
  const saved = await keep(person, action, writes, (await fact("seen")) ?? null);
  const words = writes.at(-1)?.words;
  if (!words) return;
  const all = writes.length > 1 ? `${writes.length} of them` : words.name;
  const total = action === id ? "" : `, ${Number(operations[0]?.quantity ?? 0) + 1} in all`;
  const headline = `${words.headline}${total}`;
  /** @type {import("./offline-stage.js").Answer} */
  const answer = { tone: "kept", ...words, headline, name: all, message: saved ? SAFE : UNSAVED };
  const next = after.count && !after.audit ? await onward({ ...after, done: action }) : { ...after, done: action };
  if (next.count && next.part) openEntry(next, undefined, { ...answer, message: saved ? "Safe on this phone" : UNSAVED });
  else await draw(next, answer);
}

/** @param {string} raw @param {string} way @returns {Promise<Thing | null>} */
async function thingMeant(raw, way) {
  const found = await thingOf(raw);
  if (found || way !== "typed") return found;
  const called = await search(raw);
  return called.length === 1 ? called[0] ?? null : null;
}

/**
 * A code that this phone does not know is kept and looked up later.
 * @param {Person} person @param {string} id @param {string} text @param {Situation} now @param {string} way
 */
async function keepUnknown(person, id, text, now, way) {
  const matches = way === "typed" ? await search(text) : [];
  if (matches.length > 1) return showMatches(matches);
  const words = { headline: "Not known on this phone", name: text, line: "Unknown code", facts: [] };
  await keep(person, id, [{ id, op: { kind: "scan", code: text }, words }], (await fact("seen")) ?? null);
  const message = "Nothing was recorded with it. The code is kept and looked up when the server answers.";
  await draw({ ...now, done: "" }, { tone: "problem", headline: words.headline, name: text, message });
}

/** What is called like that, while it is being typed. @param {string} text */
export async function showMatchesOf(text) {
  showMatches(text.trim().length > 1 ? await search(text) : []);
}

/** @param {Thing[]} matches */
function showMatches(matches) {
  const rows = matches.map((thing) => {
    const row = filled("offline-match", { sign: thing.kind === "location" ? "bin" : thing.kind, name: thing.title, line: thing.number ?? thing.tag ?? "" });
    row.querySelector("button")?.setAttribute("value", thing.code);
    return row;
  });
  document.getElementById("matches")?.replaceChildren(...rows);
}
