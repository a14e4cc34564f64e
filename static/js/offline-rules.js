/** What a scan means without the server: the server's own table, brought along by the page. */

/** @typedef {import("./phone-db.js").Thing} Thing */
/** @typedef {{on: string[] | null, scanned: string, step: string, modes: string[] | null, out: boolean | null}} Rule */
/** @typedef {{command: string, title: string, mode: string | null, times: number}} Card */
/**
 * @typedef {object} Rules
 * @property {Rule[]} table the first row that fits holds
 * @property {Record<string, string[]>} keeps which kinds stay chosen in a mode
 * @property {Record<string, string>} needed the permission that a mode asks for
 * @property {Record<string, Card>} cards by their codes
 * @property {number} damaged the condition that the card "Damaged" means
 * @property {number} undo_s
 * @property {number} carry_min how long a part may have been carried
 */

/** @type {Rules | undefined} */
let rules;

/** @returns {Rules} of this page; it must have an `<offline-scan data-rules>` */
export function rulesOfPage() {
  rules ??= /** @type {Rules} */ (
    JSON.parse(document.querySelector("[data-rules]")?.getAttribute("data-rules") ?? "null")
  );
  return rules;
}

/**
 * What scanning a thing does while another is chosen.
 * @param {string} mode @param {string | null} on kind of the chosen thing
 * @param {string} scanned its kind @param {boolean} out whether the asset of the pair is out
 * @returns {string}
 */
export function decide(mode, on, scanned, out) {
  const fits = (/** @type {Rule} */ rule) =>
    rule.scanned === scanned
    && (rule.on === null || (on !== null && rule.on.includes(on)))
    && (rule.modes === null || rule.modes.includes(mode))
    && (rule.out === null || rule.out === out);
  return rulesOfPage().table.find(fits)?.step ?? "choose";
}
