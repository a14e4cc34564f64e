/** Sends what this phone captured, in order, whenever the server can be reached. */
import { syncCatalogue } from "./catalogue-sync.js";
import { ageOf, entries, settle, tidy, waitingOf } from "./outbox.js";
import { remember } from "./phone-db.js";
import { noteReach } from "./reach.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {{code: string, message: string}} Refusal */
/** @typedef {{attention?: string}} Result */
/** @typedef {{id: string, status: string, error?: Refusal, result?: Result}} Outcome */
/** @typedef {{person: Person, csrf_token: string, seen: string}} Me */

const BATCH = 50; // small enough for a bad network: what was answered need not be sent again
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const ANSWER_MS = 30_000;
const TAKEN = new Set(["applied", "duplicate"]);

let fails = 0;
let retryTimer = 0;
/** @type {Promise<void> | undefined} */
let sending;

/** Starts sending on this page: now, and whenever there is something and somebody to send it for. */
export function startSending() {
  for (const event of ["outbox-changed", "visibilitychange"]) {
    document.addEventListener(event, () => document.visibilityState === "visible" && send());
  }
  addEventListener("online", () => send());
  addEventListener("pageshow", () => send());
  send();
}

/**
 * Sends what waits of the person who is signed in. Two tabs may do so at once: each sends in order,
 * and the server takes every write once.
 * @returns {Promise<void>} resolved when nothing is left to be tried just now
 */
export function send() {
  clearTimeout(retryTimer);
  sending ??= sendAll().catch(tryLater).finally(() => (sending = undefined));
  return sending;
}

async function sendAll() {
  const me = await whoAmI();
  noteReach(true);
  fails = 0;
  if (!me) return void document.dispatchEvent(new Event("signed-out"));
  while (await sendSome(me)) document.dispatchEvent(new Event("outbox-progress"));
  await syncCatalogue(await newestTaken());
  // What a restored server lost is offered again, and what came in meanwhile.
  while (await sendSome(me)) document.dispatchEvent(new Event("outbox-progress"));
  await askAgain(me);
  await tidy();
  document.dispatchEvent(new Event("outbox-sent"));
}

function tryLater() {
  noteReach(false);
  const wait_ms = RETRY_MS[Math.min(fails, RETRY_MS.length - 1)];
  fails += 1;
  retryTimer = setTimeout(send, wait_ms);
}

/** @returns {Promise<Me | null>} null while nobody is signed in */
async function whoAmI() {
  const answer = await ask("/api/v1/me");
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error("no answer");
  /** @type {Me} */
  const me = await answer.json();
  await remember({ person: me.person, seen: me.seen });
  document.dispatchEvent(new CustomEvent("signed-in", { detail: me }));
  return me;
}

/** @param {Me} me @returns {Promise<boolean>} whether there may be more */
async function sendSome({ person, csrf_token }) {
  const waiting = await waitingOf(person.code);
  const scan = waiting.find(({ op }) => op.kind === "scan");
  if (scan) return sendScan(scan, csrf_token);
  const batch = waiting.slice(0, BATCH);
  if (batch.length === 0) return false;
  const operations = batch.map(operation);
  const answer = await post("/api/v1/operations", csrf_token, { person: person.code, operations });
  if (answer.status === 401 || answer.status === 409) return false; // somebody else by now
  if (!answer.ok) throw new Error("no answer");
  /** @type {{results: Outcome[], seen: string}} */
  const { results, seen } = await answer.json();
  for (const [at, entry] of batch.entries()) await note(entry, results[at]);
  await remember({ seen });
  return true;
}

/** What waited for a person on the server may be decided by now. @param {Me} me */
async function askAgain({ person, csrf_token }) {
  const undecided = (await entries()).filter(
    ({ state, op, person: of }) => state === "attention" && of === person.code && op.kind !== "scan",
  ).slice(0, BATCH);
  if (undecided.length === 0) return;
  const operations = undecided.map(operation);
  const answer = await post("/api/v1/operations", csrf_token, { person: person.code, operations });
  if (!answer.ok) return;
  /** @type {{results: Outcome[]}} */
  const { results } = await answer.json();
  for (const [at, entry] of undecided.entries()) {
    if (results[at]?.status !== "attention") await note(entry, results[at]);
  }
}

/**
 * A code that this phone did not know goes to the list of unknown codes, or turns out to be known.
 * @param {Entry} entry @param {string} token @returns {Promise<boolean>}
 */
async function sendScan({ id, op }, token) {
  const answer = await post("/api/v1/scans", token, { id, code: op.code });
  if (!answer.ok) {
    await settle(id, "refused", (await answer.json()).error?.message);
    return true;
  }
  /** @type {{kind: string, title: string}} */
  const { kind, title } = await answer.json();
  if (kind === "unknown") await settle(id, "taken");
  else await settle(id, "attention", `It is ${title}. Scan it again to use it.`);
  return true;
}

/** @param {Entry} entry @param {Outcome | undefined} outcome */
async function note(entry, outcome) {
  const { status = "refused", error, result } = outcome ?? {};
  // Sent once through the page, when no answer came: the server has it as it read it then.
  if (TAKEN.has(status) || error?.code === "id_reused") return settle(entry.id, "taken");
  const state = status === "attention" ? "attention" : "refused";
  await settle(entry.id, state, result?.attention ?? error?.message ?? "The server did not say why.");
}

/** The operation of an entry as the API takes it. @param {Entry} entry */
function operation(entry) {
  const age = ageOf(entry);
  const carry_min = Number(entry.op.carry_min ?? 0) + Math.ceil((age.most - age.least) / 60_000);
  return {
    ...entry.op,
    id: entry.id,
    age_ms: age.least,
    ...(carry_min ? { carry_min } : {}),
    ...(entry.seen ? { seen: entry.seen } : {}),
    capture: entry.capture,
    device: entry.device,
    queued: true,
  };
}

/** @returns {Promise<string | undefined>} the last that the server took: does it still know it? */
async function newestTaken() {
  const taken = (await entries()).filter((entry) => entry.state === "taken");
  return taken.at(-1)?.id;
}

/** @param {string} address @param {string} token @param {unknown} body */
function post(address, token, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return ask(address, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @param {string} address @param {RequestInit} [how] */
async function ask(address, how = {}) {
  const headers = { Accept: "application/json", ...how.headers };
  const answer = await fetch(address, { ...how, headers, signal: AbortSignal.timeout(ANSWER_MS) });
  if (answer.status >= 500) throw new Error("no answer");
  return answer;
}

