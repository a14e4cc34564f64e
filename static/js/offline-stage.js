/** Draws the scan screen below the camera from what this phone knows, in the server's shapes. */
import { filled, filledElement } from "./fill.js";
import { newId } from "./new-id.js";
import { whenOf } from "./offline-words.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {import("./offline-plan.js").Situation} Situation */
/**
 * @typedef {object} Answer
 * @property {"kept" | "problem"} tone
 * @property {string} headline
 * @property {string} [name]
 * @property {string} [code]
 * @property {[string, string][]} [facts]
 * @property {string} [message]
 */
/** @typedef {{text: string, sub?: string, sign: string, raw: string, via?: string}} Tap */
/**
 * @typedef {object} Scene
 * @property {Situation} now
 * @property {Answer | null} answer
 * @property {Entry[]} waiting of this person, oldest first
 * @property {Thing[]} listed what is collected
 * @property {Tap[]} taps what one tap would do
 * @property {number} undo_s
 * @property {string[]} may permissions
 * @property {Record<string, string>} needed by mode
 * @property {(code: string) => string} titleOf
 */

const SIGNS = { asset: "asset", location: "bin", part: "part", person: "person" };
const KINDS = { asset: "Asset", location: "Place", part: "Part", person: "Person" };
const ROWS = 4;
/** @type {Record<string, string>} what a chosen part waits for */
const ASKS = {
  install: "Scan the machine for", return: "Scan the machine for", count: "Scan the bin of",
  receive: "Scan the bin of", issue: "Scan the bin of", move: "Scan the bin of",
};

/** The fields that the next scan sends along. @param {Situation} now @returns {[string, string][]} */
export function fieldsOf(now) {
  /** @type {[string, string][]} */
  const fields = [
    ["mode", now.mode], ["on", now.on?.code ?? ""], ["times", now.times > 1 ? String(now.times) : ""],
    ["many", now.many.join(".")], ["done", now.done], ["part", now.part?.code ?? ""],
    ["act", now.act], ["count", now.count], ["audit", now.audit ? "1" : ""], ["began", now.began ? String(now.began) : ""],
    ["at_lot", now.lot], ["entries", now.scanned], ["work", now.work], ["say", now.say],
  ];
  return fields.filter(([, value]) => value);
}

/** @param {Scene} scene @returns {HTMLElement} the new `#stage` */
export function stageOf(scene) {
  const { now, answer } = scene;
  const stage = filledElement("offline-stage", {
    context: isContextShown(scene) ? [contextOf(now)] : null,
    answer: answer ? [answerOf(answer)] : now.on ? [summaryOf(scene, now.on)] : null,
    lists: listsOf(scene),
    actions: [actionsOf(scene)],
  });
  stage.dataset.state = answer || now.on || now.many.length ? "result" : "idle";
  markModes(stage, scene);
  return prepared(stage, now);
}

/** Adds what every stage has: its fields, and the address where it can be opened again. @param {HTMLElement} stage @param {Situation} now */
export function prepared(stage, now) {
  const fields = fieldsOf(now);
  stage.dataset.id = newId(); // two taps on one button are one write
  stage.dataset.address = addressOf(now);
  for (const [name, value] of fields) {
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    input.value = value;
    input.setAttribute("form", "scan-form");
    stage.prepend(input);
  }
  const scan = `/scan?mode=${now.mode}`;
  for (const link of stage.querySelectorAll("a[data-done]")) link.setAttribute("href", scan);
  const here = { ...now, part: null, act: "", lot: "", scanned: "", done: "", say: "" };
  const bin = addressOf(here);
  for (const link of stage.querySelectorAll("a[data-other-part]")) link.setAttribute("href", bin);
  const others = addressOf({ ...here, on: null, began: 0 });
  for (const link of stage.querySelectorAll("a[data-other-bin]")) link.setAttribute("href", others);
  for (const link of stage.querySelectorAll("a[data-say]")) {
    link.setAttribute("href", addressOf({ ...here, say: link.getAttribute("data-say") ?? "" }));
  }
  return stage;
}

/** Where a stage can be opened again. @param {Situation} now */
export function addressOf(now) {
  return `/scan?${new URLSearchParams(fieldsOf(now))}`;
}

/** @param {Scene} scene */
function isContextShown({ now, answer }) {
  const isAsked = now.on?.kind === "person" || (now.on?.kind === "part" && now.mode in ASKS);
  return now.times > 1 || Boolean(now.on && (answer || isAsked));
}

/** @param {Situation} now */
function contextOf({ on, times, mode, work }) {
  const caption = on?.kind === "part" && mode in ASKS ? ASKS[mode]
    : on?.kind === "asset" && mode !== "check_out" ? `${work ? `${work}, next` : "Next"} part goes on`
    : on?.kind === "location" ? "In"
      : on?.kind === "person" ? "Scan what goes to" : "Chosen";
  return filled("offline-context", {
    sign: on ? SIGNS[on.kind] : "part",
    caption: on ? caption : "The next part",
    title: times > 1 ? `${on ? `${on.title}, ` : ""}${times} at once` : on?.title ?? "",
  });
}

/** @param {Answer} answer */
export function answerOf({ tone, facts = [], ...words }) {
  return filled(tone === "kept" ? "offline-kept" : "offline-problem", {
    ...words,
    facts: facts.map(([label, value]) => filled("offline-fact", { label, value })),
  });
}

/** @param {Scene} scene @param {Thing} thing */
function summaryOf({ titleOf, now }, thing) {
  const isCount = now.mode === "count"; // nobody counts what they have just read
  /** @type {[string, string | null | undefined][]} */
  const facts = [
    ["With", thing.out ? thing.holder : null],
    ["Place", thing.kind === "asset" && thing.location ? titleOf(thing.location) : null],
    ["Lives in", thing.kind === "part" && thing.location ? titleOf(thing.location) : null],
    ...(isCount ? [] : thing.balances ?? []).map(([bin, quantity]) =>
      /** @type {[string, string]} */ ([titleOf(bin), `${quantity} ${thing.unit ?? ""}`])),
    ...(thing.blind ?? []).map((bin) =>
      /** @type {[string, string]} */ ([titleOf(bin), "hidden while it is counted"])),
  ];
  return filled("offline-thing", {
    sign: SIGNS[thing.kind],
    line: thing.number ?? thing.tag ?? KINDS[thing.kind],
    code: `${thing.code.slice(0, 3)} ${thing.code.slice(3)}`,
    name: thing.title,
    facts: facts.flatMap(([label, value]) => value ? [filled("offline-fact", { label, value })] : []),
    message: thing.kind === "part" && thing.balances && !isCount ? "As this phone last heard it." : "",
  });
}

/** @param {Scene} scene @returns {Node[]} */
function listsOf({ now, listed, waiting }) {
  const collected = listed.map((thing) => {
    const line = thing.out ? `with ${thing.holder ?? "somebody"}` : thing.tag ?? "";
    const row = filled("offline-row", { sign: SIGNS[thing.kind], name: thing.title, line, off: true });
    const many = now.many.filter((code) => code !== thing.code);
    const rest = new URLSearchParams(fieldsOf({ ...now, many, done: "" }));
    row.querySelector("a")?.setAttribute("href", `/scan?${rest}`);
    return row;
  });
  const kept = waiting.slice(-ROWS).reverse().map(({ words, clock }) => filled("offline-row", {
    sign: "clock", name: words.name, line: `${words.line} · ${whenOf(clock.wall_ms)}`,
  }));
  return [
    ...(now.many.length ? [filled("offline-list", { title: `${now.many.length} on the list`, rows: collected })] : []),
    ...(kept.length ? [filled("offline-list", { title: `${waiting.length} waiting`, rows: kept, link: "All" })] : []),
  ];
}

/** @param {Scene} scene @returns {Node} */
function actionsOf({ answer, undo_s, taps }) {
  if (answer?.tone === "kept" && undo_s > 0) return filled("offline-undo", {});
  if (taps.length === 0) return filled("offline-ways", {});
  const row = document.createDocumentFragment();
  for (const { text, sub, sign, raw, via } of taps) {
    const button = filledElement("offline-tap", { text, sub, sign });
    button.dataset.raw = raw;
    button.dataset.via = via ?? "";
    row.append(button);
  }
  return row;
}

/** @param {HTMLElement} stage @param {Scene} scene */
function markModes(stage, { now, may, needed }) {
  for (const link of stage.querySelectorAll("[data-mode]")) {
    const mode = link.getAttribute("data-mode") ?? "";
    if (!may.includes(needed[mode] ?? "")) link.remove();
    else if (mode === now.mode) {
      link.setAttribute("aria-current", "true");
      link.closest("details")?.querySelector("[data-more]")?.setAttribute("aria-current", "true");
    }
  }
}
