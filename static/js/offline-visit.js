/** Draws a count that goes on without the server: the next bin, what is left in this one. */
import { filled, filledElement } from "./fill.js";
import { binOf, nextBin } from "./offline-sheet.js";
import { addressOf, answerOf, fieldsOf, prepared } from "./offline-stage.js";

/** @typedef {import("./offline-plan.js").Situation} Situation */
/** @typedef {import("./offline-stage.js").Answer} Answer */
/** @typedef {import("./phone-db.js").Bin} Bin */

/**
 * The stage of a count while no number is entered.
 * @param {Situation} now @param {Answer | null} answer @param {(code: string) => string} titleOf
 * @param {number} undo_s
 * @returns {HTMLElement} the new `#stage`
 */
export function visitStage(now, answer, titleOf, undo_s) {
  const lines = (now.sheet && binOf(now.sheet, now.on?.code)?.lines) ?? [];
  const ahead = now.sheet && nextBin(now.sheet, now.on?.code);
  const stage = filledElement("offline-stage", {
    context: [contextOf(now)],
    answer: answer ? [answerOf(answer)] : [now.say ? sure(now, lines.length) : readingOf(now, lines.length, ahead)],
    lists: now.say ? null : listOf(now, lines, titleOf),
    actions: now.say ? [sureTaps(now)] : [tapsOf(now, lines.length, ahead, undo_s > 0 && answer?.tone === "kept")],
  });
  stage.dataset.state = "result";
  return prepared(stage, now);
}

/** How far the count is. @param {Situation} now */
function contextOf({ sheet, on }) {
  const done = sheet ? sheet.bins_in_all - sheet.bins.length : 0;
  return filled("offline-context", {
    sign: "count",
    caption: sheet ? `${sheet.title} · ${done} of ${sheet.bins_in_all} bins done` : "This count's sheet is not on this phone",
    title: on?.title ?? sheet?.name ?? "",
  });
}

/** @param {Situation} now @param {number} left @param {Bin | null} ahead */
function readingOf({ on }, left, ahead) {
  const next = ahead ? `Next: ${ahead.title}` : "Nothing else is left for you";
  const parts = (/** @type {number} */ many) => `${many} ${many === 1 ? "part" : "parts"}`;
  const words = on && left > 0
    ? { line: on.title, name: `${parts(left)} left here`, message: "Scan a part, or tap it." }
    : on ? { line: `${on.title} has nothing left on your sheet`, name: next, message: ahead?.area ?? "" }
      : { line: "Scan the next bin", name: ahead?.title ?? "Nothing is left for you",
        message: ahead ? [ahead.area, parts(ahead.lines.length)].filter(Boolean).join(" · ") : "Submit your sheet when the server is back." };
  return filled("offline-thing", { sign: "bin", ...words });
}

/** @param {Situation} now @param {[string, string][]} lines @param {(code: string) => string} titleOf */
function listOf(now, lines, titleOf) {
  const rows = lines.map(([part, lot]) => {
    const row = filled("offline-line", { name: titleOf(part), line: lot ? `lot ${lot}` : "" });
    const fields = [...fieldsOf({ ...now, act: "count", lot, done: "" }), ["part", part]];
    row.querySelector("a")?.setAttribute("href", `/scan?${new URLSearchParams(fields)}`);
    return row;
  });
  return rows.length ? [filled("offline-list", { title: "Left here", rows })] : null;
}

/** @param {Situation} now @param {number} left @param {Bin | null} ahead @param {boolean} undoable */
function tapsOf(now, left, ahead, undoable) {
  const actions = document.createElement("div");
  actions.className = "stack";
  if (undoable) actions.append(filled("offline-undo-small", {}));
  if (ahead) {
    const text = now.on ? `Next: ${ahead.title}` : "I am there";
    const tap = filledElement("offline-tap", { text, sub: now.on ? "" : ahead.title, sign: "arrow" });
    tap.dataset.raw = ahead.code;
    tap.classList.toggle("main", left === 0);
    actions.append(tap);
  }
  if (now.on) actions.append(filled("offline-says", {}));
  return actions;
}

/** Before records become 0. @param {Situation} now @param {number} left */
function sure({ on, say }, left) {
  const asks = say === "empty" ? `Is ${on?.title ?? "it"} empty?` : `Is that all in ${on?.title ?? "it"}?`;
  const message = left > 0 ? `${left} on your sheet ${left === 1 ? "becomes" : "become"} 0, and all else that is booked there.`
    : "All else that is booked there becomes 0.";
  return filled("offline-ask", { headline: asks, message });
}

/** @param {Situation} now */
function sureTaps(now) {
  const taps = filledElement("offline-sure", { text: now.say === "empty" ? "Yes, it is empty" : "Yes, these are all" });
  taps.querySelector("a")?.setAttribute("href", addressOf({ ...now, say: "", done: "" }));
  return taps;
}
