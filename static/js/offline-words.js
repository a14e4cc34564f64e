/** What this phone says of a write that it keeps: as a result, and as a row of a list. */

/** @typedef {import("./offline-plan.js").Operation} Operation */
/** @typedef {import("./phone-db.js").Words} Words */

/** @type {Record<string, [string, string, string]>} what was done; of the other, which field it is */
const WORDS = {
  check_out: ["Checked out", "To", "to_person"],
  check_in: ["Returned", "Place", "location"],
  move_asset: ["Moved", "Place", "location"],
  install: ["Installed", "On", "asset"],
  return_part: ["Put back", "Off", "asset"],
  receive: ["Received", "In", "location"],
  issue: ["Taken", "From", "location"],
  transfer: ["Moved", "To", "to_location"],
  count: ["Counted", "In", "location"],
  audit: ["Seen", "In", "location"],
  condition: ["Condition noted", "", ""],
  reverse: ["Taken back", "", ""],
  retime: ["Noted", "", ""],
};

/**
 * @param {Operation} operation @param {(code: string) => string} titleOf
 * @returns {Words}
 */
export function wordsOf(operation, titleOf) {
  const [headline, label, field] = WORDS[operation.kind] ?? ["Kept", "", ""];
  const receiver = operation.to_person ?? operation.to_location ?? operation.to_asset;
  const other = String((operation.kind === "check_out" ? receiver : operation[field]) ?? "");
  const place = other ? titleOf(other) : "";
  const name = nameOf(operation, titleOf);
  const line = [headline, label.toLowerCase(), place].filter((word) => word && place).join(" ");
  return { headline, name, line: line || headline, facts: place ? [[label, place]] : [] };
}

/** @param {Operation} operation @param {(code: string) => string} titleOf */
function nameOf(operation, titleOf) {
  const thing = titleOf(String(operation.part ?? operation.asset ?? operation.operation ?? ""));
  const serials = /** @type {string[] | undefined} */ (operation.serials);
  const quantity = operation.quantity ?? serials?.length;
  return quantity === undefined ? thing : `${thing} × ${quantity}`;
}

/**
 * How long ago in words, as lists have it.
 * @param {number} wall_ms
 */
export function whenOf(wall_ms) {
  const at = new Date(wall_ms);
  const time = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (at.toDateString() === new Date().toDateString()) return time;
  return `${at.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}
