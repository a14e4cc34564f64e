/** From a scan or a tap to writes that are kept, and the screen that says so. */
import { search, thingOf } from "./catalogue.js";
import { filled } from "./fill.js";
import { derivedId, newId } from "./new-id.js";
import { entryOperation } from "./offline-entry.js";
import { planFor, planForCard } from "./offline-plan.js";
import { rulesOfPage } from "./offline-rules.js";
import { draw, openEntry, situationOf, titles, withWaiting } from "./offline-scene.js";
import { wordsOf } from "./offline-words.js";
import { entries, keep } from "./outbox.js";
import { fact } from "./phone-db.js";
import { readCode } from "./read-code.js";

/** @typedef {import("./offline-plan.js").Operation} Operation */
/** @typedef {import("./offline-plan.js").Situation} Situation */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {{id: string, raw: string, way: string, fields: Iterable<[string, FormDataEntryValue]>}} Scan */

const SAFE = "Safe on this phone. Sent when the server answers.";
const UNSAVED = "This phone has no room left: keep this page open until it is sent.";

/** Does what one scan means, and shows it. @param {Person} person @param {Scan} scan */
export async function takeScan(person, { id, raw, way, fields }) {
  const said = new Map(fields);
  const now = await situationOf(said);
  const via = String(said.get("via") ?? "");
  const { code, text } = readCode(raw);
  const card = code ? rulesOfPage().cards[code] : undefined;
  const found = card ? null : await thingMeant(raw, way);
  if (!card && !found) return keepUnknown(person, id, text, now, way);
  const plan = card ? planForCard(card, now)
    : planFor(await withWaiting(/** @type {Thing} */ (found)), { ...now, mode: via || now.mode });
  if (plan.undo) return takeBack(person, now.done, id);
  if (plan.problem) return draw(plan.after, { tone: "problem", headline: "Not recorded", message: plan.problem });
  const after = { ...plan.after, mode: card ? plan.after.mode : now.mode };
  if (plan.operations.length === 0) return draw(after, null);
  await keepAll(person, id, plan.operations, after);
}

/**
 * Takes back what the phone recorded last, or the action that is named.
 * @param {Person} person @param {string} action @param {string} [id] of this write
 */
export async function takeBack(person, action, id = newId()) {
  const now = await situationOf(new URLSearchParams(location.search));
  const wanted = action || now.done;
  const all = await entries();
  const undone = new Set(all.map(({ op }) => op.kind === "reverse" && op.operation));
  const mine = all.filter((entry) => entry.action === wanted && entry.op.kind !== "reverse").map((entry) => entry.id);
  // What the server recorded goes by the id of its action.
  const ids = (mine.length ? mine : [wanted]).filter((one) => one && !undone.has(one)).reverse();
  if (ids.length === 0) return draw({ ...now, done: "" }, { tone: "problem", headline: "Nothing to undo" });
  const name = all.filter((entry) => entry.id === ids[0]).map(({ words }) => words.name)[0] ?? "The last record";
  const operations = ids.map((operation) => ({ kind: "reverse", operation }));
  await keepAll(person, id, operations, { ...now, done: "" }, name);
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
  const id = String(said.get("id") ?? newId());
  if (from.dataset.raw) {
    const fields = new Map([...shown, ["via", from.dataset.via ?? ""]]);
    await takeScan(person, { id, raw: from.dataset.raw, way: "tap", fields });
  } else if (from.dataset.act) {
    await draw(await situationOf(new Map([...shown, ["act", from.dataset.act]])), null);
  } else if (action === "/scans") {
    await takeScan(person, { id, raw: String(said.get("raw")), way: "tap", fields: said });
  } else if (action === "/entries" || from.hasAttribute("data-entry")) {
    await takeEntry(person, id, stage, said, shown);
  } else {
    const reversal = /^\/operations\/([0-9a-f-]{36})\/reversal$/.exec(action);
    if (reversal) await takeBack(person, reversal[1] ?? "", id);
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
    const operations = now.many.map((asset) => out
      ? { kind: "check_out", asset, to_person: text("to") }
      : { kind: "check_in", asset });
    await keepAll(person, id, operations, { ...now, many: [] });
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
  const entry = { act: text("act"), on: text("on"), part: text("part"), opened_ms: Number(stage.dataset.opened ?? Date.now()) };
  const read = entryOperation(said, entry);
  const now = await situationOf(new Map([...shown, ["on", entry.on], ["part", entry.part], ["act", entry.act]]));
  if ("fault" in read) return openEntry(now, read.fault);
  await keepAll(person, id, [read.operation], { ...now, part: null, act: "" });
}

/**
 * Keeps writes that were meant as one, and shows them.
 * @param {Person} person @param {string} id @param {Operation[]} operations
 * @param {Situation} after @param {string} [name] of what was done, where it says nothing itself
 */
async function keepAll(person, id, operations, after, name) {
  const titleOf = await titles(operations.flatMap((one) => Object.values(one)).map(String));
  const writes = operations.map((op, at) => {
    const words = wordsOf(op, titleOf);
    const shown = name ? { ...words, name } : words;
    return { id: operations.length > 1 ? derivedId(id, at) : id, op, words: shown };
  });
  const saved = await keep(person, id, writes, (await fact("seen")) ?? null);
  const words = writes.at(-1)?.words;
  if (!words) return;
  const all = writes.length > 1 ? `${writes.length} of them` : words.name;
  await draw({ ...after, done: id }, { tone: "kept", ...words, name: all, message: saved ? SAFE : UNSAVED });
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

/** @param {Thing[]} matches */
function showMatches(matches) {
  const rows = matches.map((thing) => {
    const row = filled("offline-match", { sign: thing.kind === "location" ? "bin" : thing.kind, name: thing.title, line: thing.number ?? thing.tag ?? "" });
    row.querySelector("button")?.setAttribute("value", thing.code);
    return row;
  });
  document.getElementById("matches")?.replaceChildren(...rows);
}
