/** Brings the catalogue on this phone up to date: all of it once, then only what changed. */
import { forgetThings } from "./catalogue.js";
import { offerAgain } from "./outbox.js";
import { fact, phoneDb, remember } from "./phone-db.js";
import { ask } from "./reach.js";

/** @typedef {import("./phone-db.js").Thing} Thing */
/**
 * @typedef {{epoch: string, seen: string, cursor: string, more: boolean, knows?: boolean,
 *   things: Thing[], gone: string[]}} Page
 */

const ADDRESS = "/api/v1/catalogue";

/** @type {Promise<void> | undefined} */
let syncing;

/**
 * Takes over what changed on the server. Where the server's memory is not the one that this phone
 * knows (it was restored from a backup) everything is read anew, and what it had is offered again.
 * @param {string} [last] the newest operation that the server took
 */
export function syncCatalogue(last) {
  // No answer, or nothing is kept here: the next time will do.
  syncing ??= readPages(last).catch(() => {}).finally(() => (syncing = undefined));
  return syncing;
}

/** @param {string} [last] */
async function readPages(last) {
  const begun_ms = Date.now();
  for (;;) {
    const [epoch, cursor] = [await fact("epoch"), await fact("cursor")];
    const page = await readPage(cursor, last);
    if (!page) return;
    const isOther = epoch !== undefined && epoch !== page.epoch;
    if (isOther || page.knows === false) {
      await startAnew(page.epoch);
      last = undefined;
      continue;
    }
    if (!(await takeOver(page, cursor))) continue; // it was let go meanwhile: from the beginning
    if (!page.more) return remember({ synced_ms: begun_ms });
  }
}

/** @param {string | undefined} since @param {string} [last] @returns {Promise<Page | null>} */
async function readPage(since, last) {
  const asked = new URLSearchParams();
  if (since) asked.set("since", since);
  if (last) asked.set("last", last);
  const answer = await ask(`${ADDRESS}?${asked}`);
  return answer.ok ? answer.json() : null;
}

/** @param {string} epoch */
async function startAnew(epoch) {
  await forgetThings();
  await remember({ epoch });
  await offerAgain();
}

/**
 * @param {Page} page @param {string | undefined} asked the cursor that the page follows
 * @returns {Promise<boolean>} false if the catalogue is not the one that it follows any more
 */
async function takeOver({ epoch, cursor, things, gone, seen }, asked) {
  const writing = (await phoneDb()).transaction(["things", "facts"], "readwrite");
  const kept = writing.objectStore("things");
  const facts = writing.objectStore("facts");
  const isNext = (await facts.get("cursor")) === asked;
  if (isNext) {
    for (const thing of things) kept.put(thing);
    for (const code of gone) kept.delete(code);
    facts.put(epoch, "epoch");
    facts.put(cursor, "cursor");
    facts.put(seen, "seen");
  }
  await writing.done;
  return isNext;
}
