/** Puts the scan screen's local stage on the page: for an answer, an entry or an address. */
import { thingWith } from "./catalogue.js";
import { sumOf, unpackEntries } from "./count-sum.js";
import { auditStage } from "./offline-audit.js";
import { actTaps, entryStage } from "./offline-entry.js";
import { afterWaiting } from "./offline-pending.js";
import { NOTHING } from "./offline-plan.js";
import { rulesOfPage } from "./offline-rules.js";
import { mySheets, sheetOf } from "./offline-sheet.js";
import { stageOf } from "./offline-stage.js";
import { visitStage } from "./offline-visit.js";
import { entries, waitingOf } from "./outbox.js";
import { fact } from "./phone-db.js";

/** @typedef {import("./offline-plan.js").Situation} Situation */
/** @typedef {import("./offline-stage.js").Answer} Answer */
/** @typedef {import("./offline-stage.js").Tap} Tap */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {import("./phone-db.js").Thing} Thing */

const MOST_SHEETS = 3;

/** A thing as it is with all that waits here. @param {string} code @returns {Promise<Thing | null>} */
export async function thingNow(code) {
  const thing = await thingWith(code);
  return thing ? withWaiting(thing) : null;
}

/** @param {Thing} thing @returns {Promise<Thing>} */
export async function withWaiting(thing) {
  const synced_ms = Number((await fact("synced_ms")) ?? 0);
  const isUnknown = (/** @type {import("./phone-db.js").Entry} */ { state, answered_ms }) =>
    state === "waiting" || (state === "taken" && (answered_ms ?? 0) > synced_ms);
  const waiting = (await entries()).filter(isUnknown);
  const titleOf = await titles(waiting.flatMap(({ op }) => Object.values(op)).map(String));
  return afterWaiting(thing, waiting, titleOf);
}

/**
 * What codes are called; a code that the phone does not know is called by itself.
 * @param {string[]} codes @returns {Promise<(code: string) => string>}
 */
export async function titles(codes) {
  /** @type {Map<string, string>} */
  const known = new Map();
  for (const code of new Set(codes)) {
    const thing = code.length === 7 ? await thingWith(code) : null;
    if (thing) known.set(code, thing.title);
  }
  return (code) => known.get(code) ?? code;
}

/**
 * What a scan meets, from the fields of a form or an address.
 * @param {Iterable<[string, FormDataEntryValue]>} said @returns {Promise<Situation>}
 */
export async function situationOf(said) {
  const fields = new Map([...said].map(([name, value]) => [name, String(value)]));
  const text = (/** @type {string} */ name) => fields.get(name) ?? "";
  const times = Number(text("times"));
  const on = text("on") ? await thingNow(text("on")) : null;
  const part = text("part") ? await thingWith(text("part")) : null;
  const person = /** @type {Person | undefined} */ (await fact("person"));
  const isCount = text("mode") === "count";
  return {
    mode: text("mode") in rulesOfPage().keeps ? text("mode") : NOTHING.mode,
    on,
    times: times > 1 && times < 10_000 ? times : 1,
    many: text("many").split(".").filter(Boolean),
    done: text("done"),
    part: part?.kind === "part" && on?.kind === "location" ? part : null,
    act: text("act"),
    count: isCount ? text("count") : "",
    audit: isCount && text("audit") === "1",
    sheet: isCount ? await sheetOf(person, text("count")) : null,
    began: Number(text("began")) || 0,
    lot: text("at_lot"),
    scanned: text("entries"),
    work: text("work"),
    say: text("say"),
  };
}

/**
 * Shows what a scan led to.
 * @param {Situation} now @param {Answer | null} answer
 */
export async function draw(now, answer) {
  const person = /** @type {Person | undefined} */ (await fact("person"));
  const old = document.getElementById("stage");
  if (!old) return;
  if (now.part && now.act && !answer) return openEntry(now);
  const waiting = person ? await waitingOf(person.code) : [];
  const listed = (await Promise.all(now.many.map(thingNow))).filter((thing) => thing !== null);
  const bins = [...(now.on?.balances ?? []).map(([bin]) => bin), ...(now.on?.blind ?? [])];
  const codes = [now.on?.location, ...bins];
  const may = person?.may ?? [];
  if (now.audit) return drawAudit(now, answer ?? (await answerOfDone(now)));
  if (now.count) return drawVisit(now, answer ?? (await answerOfDone(now)));
  const stage = stageOf({
    now, answer: answer ?? (await answerOfDone(now)), waiting, listed, may,
    taps: answer ? [] : await tapsFor(now, person),
    undo_s: await undoLeft(now.done),
    needed: rulesOfPage().needed,
    titleOf: await titles(codes.filter((code) => typeof code === "string")),
  });
  if (now.part) stage.querySelector(".dock")?.prepend(actTaps(may));
  const seconds = await undoLeft(now.done);
  if (seconds > 0) stage.querySelector("scan-result")?.setAttribute("data-undo-seconds", String(seconds));
  old.replaceWith(stage);
  history.replaceState(history.state, "", stage.dataset.address ?? "/scan");
}

/** Shows a count that goes on. @param {Situation} now @param {Answer | null} answer */
async function drawVisit(now, answer) {
  const lines = now.sheet?.bins.find(({ code }) => code === now.on?.code)?.lines ?? [];
  const titleOf = await titles(lines.map(([part]) => part));
  const stage = visitStage(now, answer, titleOf, await undoLeft(now.done));
  document.getElementById("stage")?.replaceWith(stage);
  history.replaceState(history.state, "", stage.dataset.address ?? "/scan");
}

/** Shows an audit that goes on. @param {Situation} now @param {Answer | null} answer */
async function drawAudit(now, answer) {
  const last = (await writtenBy(now.done)).at(-1);
  const seen = last?.op.kind === "audit" ? await thingWith(String(last.op.asset)) : null;
  const place = seen?.location && seen.location !== now.on?.code ? seen.location : "";
  const belongs = place ? (await titles([place]))(place) : "";
  const stage = auditStage(now, answer, belongs, await undoLeft(now.done));
  document.getElementById("stage")?.replaceWith(stage);
  history.replaceState(history.state, "", stage.dataset.address ?? "/scan");
}

/**
 * Asks for the number.
 * @param {Situation} now @param {string} [fault] what is wrong with the last one
 * @param {Answer} [before] what was kept just before
 */
export function openEntry(now, fault, before) {
  const stage = entryStage({ ...now, times: 1 }, fault, before);
  document.getElementById("stage")?.replaceWith(stage);
  const figure = stage.querySelector("input[name=quantity]");
  const known = sumOf(unpackEntries(now.scanned)) || (now.times > 1 ? String(now.times) : "");
  if (figure instanceof HTMLInputElement) figure.value = known;
  /** @type {HTMLElement | null} */
  const field = stage.querySelector("#quantity, #serials, #serial_typed");
  field?.focus();
  history.replaceState(history.state, "", stage.dataset.address ?? "/scan");
}

/** Shows what the address of the page says. */
export async function drawFromAddress() {
  await draw(await situationOf(new URLSearchParams(location.search)), null);
}

/** Shows the local stage again, where there is one: what waits is different now. */
export async function redraw() {
  const stage = document.querySelector("#stage[data-local]");
  if (!stage || stage.getAttribute("data-state") !== "idle") return;
  await drawFromAddress();
}

/** What was done last, as it is shown after a reload. @param {Situation} now @returns {Promise<Answer | null>} */
async function answerOfDone({ done }) {
  if (!done) return null;
  const last = (await entries()).filter((entry) => entry.action === done).at(-1);
  return last ? { tone: "kept", ...last.words, message: "" } : null;
}

/** What an action wrote here, newest last; none once any of it was taken back. @param {string} action */
export async function writtenBy(action) {
  const all = action ? await entries() : [];
  const mine = all.filter((entry) => entry.action === action);
  const undone = new Set(all.map(({ op }) => op.kind === "reverse" && op.operation));
  return mine.some(({ id, op }) => op.kind === "reverse" || undone.has(id)) ? [] : mine;
}

/** @param {string} action @returns {Promise<number>} seconds in which it can be undone here */
export async function undoLeft(action) {
  const last = (await writtenBy(action)).at(-1);
  if (!last) return 0;
  const left = rulesOfPage().undo_s - (Date.now() - last.clock.wall_ms) / 1000;
  return Math.max(0, Math.ceil(left));
}

/** @param {Situation} now @param {Person | undefined} person @returns {Promise<Tap[]>} */
async function tapsFor({ on, mode }, person) {
  if (mode === "count" && !on && person) {
    return (await mySheets(person)).slice(0, MOST_SHEETS).map(({ title, name, code, bins }) => (
      { text: `Go on with ${title}`, sub: name || bins[0]?.title, sign: "count", raw: code }));
  }
  if (on?.kind !== "asset" || !person?.may.includes("custody:change")) return [];
  if (on.out) return [{ text: "Bring it back", sign: "in", raw: on.code, via: "return" }];
  if (on.retired) return [];
  return [{ text: "Take it", sub: person.name, sign: "out", raw: person.code, via: "check_out" }];
}
