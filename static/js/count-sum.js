/** How a counted number came about: every scan adds, a typed number replaces what was before. */

const MILLI = 1000;
const ENTRY = /^(\+?\d{1,10}(?:\.\d{1,3})?)(?:\*(\d{1,3}))?$/;

/**
 * The entries in the form that pages and addresses carry, "+1*3,12", oldest first.
 * @param {string} text @returns {string[]}
 */
export function unpackEntries(text) {
  const pieces = text.split(",").map((piece) => ENTRY.exec(piece));
  if (pieces.some((piece) => piece === null)) return [];
  return pieces.flatMap((piece) => Array(Number(piece?.[2] ?? 1)).fill(piece?.[1]));
}

/** @param {string[]} entries @returns {string} */
export function packEntries(entries) {
  return runs(entries, (entry) => entry)
    .map((run) => (run.length > 1 ? `${run[0]}*${run.length}` : run[0]))
    .join(",");
}

/** What the entries come to, as it stands on the dial; "" for none. @param {string[]} entries @returns {string} */
export function sumOf(entries) {
  if (entries.length === 0) return "";
  const milli = entries.reduce((sum, entry) => {
    const figure = Math.round(Number(entry) * MILLI);
    return isScan(entry) ? sum + figure : figure;
  }, 0);
  return String(milli / MILLI);
}

/** The entries for people: "scanned 3, typed 12". @param {string[]} entries @returns {string} */
export function wordsOf(entries) {
  return runs(entries, isScan)
    .map((run) => (run.every(isScan) ? `scanned ${sumOf(run)}` : `typed ${run.at(-1)}`))
    .join(", ");
}

/** @param {string} entry @returns {boolean} whether it was scanned, one on top of what was before */
export function isScan(entry) {
  return entry.startsWith("+");
}

/**
 * What stands beside each other and is alike.
 * @param {string[]} entries @param {(entry: string) => unknown} alike @returns {string[][]}
 */
function runs(entries, alike) {
  /** @type {string[][]} */
  const found = [];
  for (const entry of entries) {
    const last = found.at(-1);
    if (last?.some((other) => alike(other) === alike(entry))) last.push(entry);
    else found.push([entry]);
  }
  return found;
}
