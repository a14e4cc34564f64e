/** A number entered for a part in a bin while no server answers; a count shows no expected figure. */
import { sumOf, unpackEntries } from "./count-sum.js";
import { filled, filledElement } from "./fill.js";
import { binOf } from "./offline-sheet.js";
import { ofCount } from "./offline-counting.js";
import { prepared } from "./offline-stage.js";

/** @typedef {import("./offline-plan.js").Operation} Operation */
/** @typedef {import("./offline-plan.js").Situation} Situation */

/** @type {Record<string, [string, string]>} */
const WORDS = {
  count: ["Count", "How many do you see?"],
  receive: ["Receive", "How many came in?"],
  issue: ["Issue", "How many do you take?"],
  transfer: ["Move", "How many do you move?"],
};
const BY_SERIALS = new Set(["count", "receive"]);

/**
 * The form as the new `#stage`.
 * @param {Situation} now with part and act @param {string} [fault] what is wrong with what was entered
 * @param {import("./offline-stage.js").Answer} [before] what was kept just before
 * @returns {HTMLElement}
 */
export function entryStage(now, fault, before) {
  const { on, part, act } = now;
  const [word, asks] = WORDS[act] ?? ["", ""];
  const bySerial = part?.tracking === "serial";
  const stage = filledElement("offline-entry", {
    heading: [now.sheet?.title ?? word, on?.title, howFar(now)].filter(Boolean).join(" · "),
    kept: before ? [filled("offline-counted", { name: before.name ?? "", line: before.message ?? "" })] : null,
    name: part?.title ?? "",
    line: [part?.number, now.lot && `lot ${now.lot}`].filter(Boolean).join(" · "),
    lot: (part?.tracking === "lot" && !now.lot) || null,
    sum: act === "count" && !bySerial ? true : null,
    all: now.count ? true : null,
    bin: now.count ? null : true,
    serial: (bySerial && !BY_SERIALS.has(act)) || null,
    serials: (bySerial && BY_SERIALS.has(act)) || null,
    to: act === "transfer" || null,
    reason: act === "issue" || null,
    number: !bySerial || null,
    asks,
    unit: part?.unit ?? "",
    pad: !bySerial || null,
    next: bySerial || null,
    fault: fault ?? "",
  });
  stage.dataset.opened = String(Date.now());
  /** @type {HTMLInputElement | null} */
  const entries = stage.querySelector("input[name=entries]");
  if (entries) entries.value = now.scanned;
  return prepared(stage, now);
}

/** The how many-th part of the bin it is, or that it is not on the sheet. @param {Situation} now */
function howFar({ sheet, on, part, lot }) {
  const lines = (sheet && on && binOf(sheet, on.code)?.lines) ?? [];
  if (!sheet || lines.length === 0) return sheet ? "not on your sheet" : "";
  const isOn = lines.some(([code, marked]) => code === part?.code && marked === lot);
  return isOn ? `${lines.length} left here` : "not on your sheet here";
}

/** What may be done with a part in a bin, one tap each. @param {string[]} may permissions */
export function actTaps(may) {
  const acts = [
    { act: "count", sign: "count", needs: "count:record" },
    { act: "receive", sign: "import", needs: "stock:move" },
    { act: "transfer", sign: "move", needs: "stock:move" },
    { act: "issue", sign: "out", needs: "stock:move" },
  ];
  const row = document.createElement("div");
  row.className = "give-to";
  for (const { act, sign } of acts.filter(({ needs }) => may.includes(needs))) {
    const button = filledElement("offline-tap", { text: WORDS[act]?.[0] ?? "", sign });
    button.dataset.act = act;
    row.append(button);
  }
  return row;
}

/**
 * The operation that an entry means.
 * @param {FormData} form @param {{act: string, on: string, part: string, opened_ms: number, count: string}} entry
 * @returns {{operation: Operation} | {fault: string}}
 */
export function entryOperation(form, { act, on, part, opened_ms, count }) {
  const said = (/** @type {string} */ name) => String(form.get(name) ?? "").trim();
  const quantity = said("quantity").replace(",", ".");
  const serials = said("serials").split("\n").map((line) => line.trim()).filter(Boolean);
  const isNumber = /^\d{1,9}(\.\d{1,3})?$/.test(quantity);
  if (form.has("quantity") && !isNumber) return { fault: "How many? A number, at most three decimals." };
  if (form.has("quantity") && act !== "count" && Number(quantity) === 0) return { fault: "How many? More than none." };
  if (act === "transfer" && !said("to_location")) return { fault: "Which bin does it go to? Scan it." };
  /** @type {Record<string, unknown>} */
  const marks = {
    ...(form.has("quantity") ? { quantity } : form.has("serials") ? { serials } : { quantity: "1" }),
    ...(said("lot") ? { lot: said("lot") } : {}),
    ...(said("serial") ? { serial: said("serial") } : {}),
  };
  const sumSaid = () => {
    const entries = unpackEntries(said("entries"));
    return sumOf(entries) === String(Number(quantity)) && entries.length ? { entries } : {};
  };
  const window_ms = Math.min(86_400_000, Math.max(0, Date.now() - opened_ms));
  switch (act) {
    case "transfer":
      return { operation: { kind: act, part, from_location: on, to_location: said("to_location"), ...marks } };
    case "issue":
      return { operation: { kind: act, part, location: on, reason: said("reason") || "used", ...marks } };
    case "count":
      return { operation: { kind: act, part, location: on, window_ms, ...marks, ...ofCount({ count }), ...sumSaid() } };
    default:
      return { operation: { kind: act, part, location: on, ...marks } };
  }
}

