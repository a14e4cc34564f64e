/** Walking an audit without the server: the room, then what stands in it; what that means is told later. */
import { filled, filledElement } from "./fill.js";
import { NOTHING } from "./offline-plan.js";
import { answerOf, prepared } from "./offline-stage.js";

/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {import("./offline-plan.js").Plan} Plan */
/** @typedef {import("./offline-plan.js").Situation} Situation */
/** @typedef {import("./offline-stage.js").Answer} Answer */

/**
 * What a scanned thing means in an audit.
 * @param {Thing} here @param {Situation} now @returns {Plan}
 */
export function planInAudit(here, now) {
  const after = { ...NOTHING, mode: "count", many: now.many, count: now.count, audit: true, on: now.on };
  if (here.kind === "location") return { after: { ...after, on: here }, operations: [] };
  if (here.kind !== "asset") return { after, operations: [], problem: `${here.title} is no asset. Scan what stands here, or the next room.` };
  if (!now.on) return { after, operations: [], problem: `Scan the room first, then ${here.title}.` };
  const operation = { kind: "audit", asset: here.code, location: now.on.code, count: now.count };
  return { after, operations: [operation] };
}

/**
 * The stage of an audit.
 * @param {Situation} now @param {Answer | null} answer
 * @param {string} belongs where this phone believes that what was seen last belongs, if not here
 * @param {number} undo_s
 * @returns {HTMLElement} the new `#stage`
 */
export function auditStage(now, answer, belongs, undo_s) {
  /** @type {[string, string][]} */
  const facts = belongs ? [["Belongs in", belongs]] : [];
  const reading = now.on
    ? { line: now.on.title, name: "Scan what stands here", message: "Found or moved: that is told when the server answers." }
    : { line: "An audit", name: "Scan the room first", message: "" };
  const stage = filledElement("offline-stage", {
    context: [filled("offline-context", { sign: "bin", caption: "Audit, in", title: now.on?.title ?? "no room yet" })],
    answer: [answer ? answerOf({ ...answer, facts: [...answer.facts ?? [], ...facts] }) : filled("offline-thing", { sign: "bin", ...reading })],
    actions: answer?.tone === "kept" && undo_s > 0 ? [filled("offline-undo", {})] : [],
  });
  stage.dataset.state = "result";
  return prepared(stage, now);
}
