/** From a scan and what it meets to what is written and what the next scan meets: no server asked. */
import { decide, rulesOfPage } from "./offline-rules.js";

/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {import("./offline-rules.js").Card} Card */
/** @typedef {Record<string, unknown> & {kind: string}} Operation */

/**
 * What a scan meets, as the server's `Situation`.
 * @typedef {object} Situation
 * @property {string} mode
 * @property {Thing | null} on the chosen thing
 * @property {number} times how many the next part means
 * @property {string[]} many codes that were collected
 * @property {string} done the action on the screen
 * @property {Thing | null} part whose number is being entered
 * @property {string} act what the number is for
 * @property {string} count id of the count that goes on
 * @property {boolean} audit whether that is an audit of assets
 * @property {import("./phone-db.js").Sheet | null} sheet its sheet, if this phone has it
 * @property {number} began when the bin was scanned, by this phone's clock
 * @property {string} lot that the number is about
 * @property {string} scanned what was scanned and typed for the number: see count-sum.js
 * @property {string} work name of the job that parts on the chosen machine are charged to
 * @property {string} say what is about to be said of the whole bin: it is `empty`, or these are `all`
 */

/**
 * @typedef {object} Plan
 * @property {Situation} after
 * @property {Operation[]} operations
 * @property {string} [problem] why nothing can be done, and what to do next
 * @property {boolean} [undo] whether what was done last is to be taken back
 * @property {boolean} [goesOn] whether it adds to the action on the screen, so that one Undo takes both
 */

/** @type {Situation} */
export const NOTHING = {
  mode: "look_up", on: null, times: 1, many: [], done: "", part: null, act: "",
  count: "", audit: false, sheet: null, began: 0, lot: "", scanned: "", work: "", say: "",
};

const MOST_COLLECTED = 100;
const RECEIVER = { person: "to_person", location: "to_location", asset: "to_asset" };
const ACT_OF = { count: "count", receive: "receive", issue: "issue", move: "transfer" };

/**
 * What a scanned thing does.
 * @param {Thing} here @param {Situation} now @returns {Plan}
 */
export function planFor(here, now) {
  const on = now.on && now.on.code !== here.code ? now.on : null;
  const asset = on && here.kind !== "asset" ? on : here;
  const step = decide(now.mode, on?.kind ?? null, here.kind, asset.out === true);
  if (here.retired && ["install", "check_out"].includes(step)) {
    return refuse(now, `${here.title} is not in service any more.`);
  }
  switch (step) {
    case "collect": return collect(here, now);
    case "all_out":
    case "all_here": return choose(here, now); // on a list: see planForMany
    case "check_in":
    case "move_asset": return put(step, on, here, now);
    case "check_out": return on ? checkOut(on, here, now) : choose(here, now);
    case "install":
    case "return_part": return on ? fit(step, on, here, now) : choose(here, now);
    case "enter": return on ? enter(on, here, now) : choose(here, now);
    default: return choose(here, now);
  }
}

/**
 * What a printed card does.
 * @param {Card} card @param {Situation} now
 * @param {Operation | null} last one part that was just put on or taken off, and can still be undone
 * @returns {Plan}
 */
export function planForCard({ command, mode, times }, now, last) {
  switch (command) {
    case "done": return { after: { ...NOTHING, mode: now.mode, many: now.many }, operations: [] };
    case "undo": return { after: now, operations: [], undo: true };
    case "mode": return { after: inMode(now, mode ?? now.mode), operations: [] };
    case "times": return last && !now.act ? addTo(last, times, now) : { after: { ...now, times }, operations: [] };
    default: return damaged(now);
  }
}

/** That many in all. @param {Operation} last @param {number} times @param {Situation} now @returns {Plan} */
function addTo(last, times, now) {
  const operation = { ...last, quantity: String(times - 1) };
  return { after: { ...now, times: 1 }, operations: [operation], goesOn: true };
}

/** The situation in another mode: what is of use there stays chosen. @param {Situation} now @param {string} mode */
export function inMode(now, mode) {
  const stays = now.on && rulesOfPage().keeps[mode]?.includes(now.on.kind) ? now.on : null;
  return { ...NOTHING, mode, on: stays, many: now.many };
}

/**
 * What a person or a place does with everything that was collected.
 * @param {Thing[]} collected @param {Thing} here @param {Situation} now @returns {Plan}
 */
export function planForMany(collected, here, now) {
  const isOut = here.kind === "person";
  const held = isOut ? collected.filter(({ out }) => out) : [];
  if (held.length > 0) {
    const names = held.map(({ title }) => title).join(", ");
    return refuse(now, `Out already: ${names}. Take it off the list, or bring it back first.`);
  }
  const operations = collected.map(({ code: asset, out }) => isOut
    ? { kind: "check_out", asset, to_person: here.code }
    : { kind: out ? "check_in" : "move_asset", asset, location: here.code });
  return { after: { ...NOTHING, mode: now.mode }, operations };
}

/** @param {Situation} now @param {string} problem @returns {Plan} */
function refuse(now, problem) {
  return { after: { ...now, done: "" }, operations: [], problem };
}

/** @param {Thing} here @param {Situation} now @returns {Plan} */
function choose(here, now) {
  const work = here.kind === "asset" ? "" : now.work; // a job is on one machine
  return { after: { ...now, on: here, work, done: "", part: null, act: "" }, operations: [] };
}

/** @param {Thing} here @param {Situation} now @returns {Plan} */
function collect(here, now) {
  if (here.kind === "part") return refuse(now, "Without the server only tools go on this list. Scan its machine, then the part.");
  if (now.many.includes(here.code)) return refuse(now, "It is on the list already.");
  if (now.many.length >= MOST_COLLECTED) return refuse(now, "The list is full. Act on it first.");
  return { after: { ...now, many: [here.code, ...now.many], done: "" }, operations: [] };
}

/** @param {string} step @param {Thing | null} on @param {Thing} here @param {Situation} now @returns {Plan} */
function put(step, on, here, now) {
  const asset = here.kind === "asset" ? here : on;
  const place = here.kind === "location" ? here : on;
  if (!asset) return choose(here, now);
  const location = place?.kind === "location" ? place.code : undefined;
  const operation = { kind: step, asset: asset.code, ...(location ? { location } : {}) };
  const stays = on?.kind === "location" ? on : asset;
  return { after: { ...NOTHING, mode: now.mode, on: stays }, operations: [operation] };
}

/** @param {Thing} on @param {Thing} here @param {Situation} now @returns {Plan} */
function checkOut(on, here, now) {
  const [asset, receiver] = on.kind === "person" ? [here, on] : [on, here];
  const to = RECEIVER[/** @type {keyof typeof RECEIVER} */ (receiver.kind)];
  if (asset.out) {
    const who = asset.holder ? ` ${asset.holder} has it.` : "";
    return refuse(now, `${asset.title} is out already.${who} Bring it back first: Return, then scan it.`);
  }
  const operation = { kind: "check_out", asset: asset.code, [to]: receiver.code };
  const stays = on.kind === "person" ? on : null;
  return { after: { ...NOTHING, mode: now.mode, on: stays }, operations: [operation] };
}

/** @param {string} step @param {Thing} on @param {Thing} here @param {Situation} now @returns {Plan} */
function fit(step, on, here, now) {
  const [asset, part] = on.kind === "asset" ? [on, here] : [here, on];
  /** @type {Operation} */
  const operation = { kind: step, asset: asset.code, part: part.code, quantity: String(now.times) };
  if (step === "return_part") {
    if (!part.location) return refuse(now, `${part.title} has no bin yet. Put it aside until the server is back.`);
    operation.location = part.location;
  } else if (rulesOfPage().carry_min) operation.carry_min = rulesOfPage().carry_min;
  const work = on.kind === "asset" ? now.work : "";
  if (work && step === "install") operation.work = work;
  return { after: { ...NOTHING, mode: now.mode, on: asset, work }, operations: [operation] };
}

/** @param {Thing} on @param {Thing} here @param {Situation} now @returns {Plan} */
function enter(on, here, now) {
  const [part, bin] = here.kind === "part" ? [here, on] : [on, here];
  const act = ACT_OF[/** @type {keyof typeof ACT_OF} */ (now.mode)] ?? "";
  return { after: { ...now, on: bin, part, act, done: "" }, operations: [] };
}

/** @param {Situation} now @returns {Plan} */
function damaged(now) {
  if (now.on?.kind !== "asset") return refuse(now, "Scan what is damaged, then this card.");
  const value = rulesOfPage().damaged;
  return { after: now, operations: [{ kind: "condition", asset: now.on.code, value }] };
}
