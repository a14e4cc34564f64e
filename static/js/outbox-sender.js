/** Sends what this phone captured, in order, whenever the server can be reached. */
import { syncCatalogue } from "./catalogue-sync.js";
import { ageOf, entries, settle, tidy, waitingOf } from "./outbox.js";
import { remember } from "./phone-db.js";
import { ask, noteReach } from "./reach.js";
import { syncSheets } from "./sheets-sync.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */
/** @typedef {{code: string, message: string}} Refusal */
/** @typedef {{attention?: string, dismissed?: boolean, state?: string}} Result */
/** @typedef {{id: string, status: string, error?: Refusal, result?: Result}} Outcome */
/** @typedef {{person: Person, csrf_token: string, seen: string}} Me */

const BATCH = 50; // small enough for a bad network: what was answered need not be sent again
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];
const NO_SERVER = new Set([502, 503, 504]);
const TAKEN = new Set(["applied", "duplicate"]);
const MOST_CARRY_MIN = 7 * 24 * 60; // as much as the server takes
const MOST_AGE_MS = 10 * 365 * 86_400_000;
const MOVED = "Parts moved while you counted. Count it again, or say on the count what was first.";
const MOST_BROKEN = 3; // tries at one write that the server fails at

/** The server answers, but not this: waiting for the network would not help. */
class ServerTrouble extends Error {}

let broken = 0;
let fails = 0;
let retryTimer = 0;
/** @type {Promise<void> | undefined} */
let sending;

/** Starts sending on this page: now, and whenever there is something and somebody to send it for. */
export function startSending() {
  for (const event of ["outbox-changed", "visibilitychange"]) {
    document.addEventListener(event, () => document.visibilityState === "visible" && send());
  }
  addEventListener("online", () => {
    fails = 0; // each scan without a network was a try: they say nothing of the one that is back
    send();
  });
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
  if (!me) return void document.dispatchEvent(new Event("signed-out"));
  while (await sendSome(me)) document.dispatchEvent(new Event("outbox-progress"));
  await syncCatalogue(await newestTaken());
  // What a restored server lost is offered again, and what came in meanwhile.
  while (await sendSome(me)) document.dispatchEvent(new Event("outbox-progress"));
  await syncSheets();
  await askAgain(me);
  await tidy();
  fails = 0;
  document.dispatchEvent(new Event("outbox-sent"));
}

/** @param {unknown} trouble */
function tryLater(trouble) {
  if (!(trouble instanceof ServerTrouble)) noteReach(false);
  const wait_ms = RETRY_MS[Math.min(fails, RETRY_MS.length - 1)];
  fails += 1;
  retryTimer = setTimeout(send, wait_ms);
}

/** @returns {Promise<Me | null>} null while nobody is signed in */
async function whoAmI() {
  const answer = await answerOf("/api/v1/me");
  if (answer.status === 401) return null;
  if (!answer.ok) throw new ServerTrouble();
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
  if (scan) return sendScan(scan, person, csrf_token);
  // One by one where the server fails at something, until it is known at what.
  const batch = waiting.slice(0, broken > 0 ? 1 : BATCH);
  if (batch.length === 0) return false;
  const operations = batch.map(operation);
  const answer = await post("/api/v1/operations", csrf_token, { person: person.code, operations });
  if (answer.status === 401 || answer.status === 409) return false; // somebody else by now
  if (answer.status === 500) return failedAt(batch);
  if (!answer.ok) throw new ServerTrouble();
  if (batch.length === 1) forgetTrouble();
  /** @type {{results: Outcome[], seen: string}} */
  const { results, seen } = await answer.json();
  for (const [at, entry] of batch.entries()) await note(entry, results[at]);
  await remember({ seen });
  return true;
}

/** @param {Entry[]} batch @returns {Promise<boolean>} */
async function failedAt(batch) {
  broken += 1;
  if (batch.length > 1 || broken < MOST_BROKEN) throw new ServerTrouble();
  forgetTrouble();
  const [entry] = batch;
  const message = "The server fails at this. Tell an admin, then send it again.";
  if (entry) await settle(entry.id, "refused", message);
  return true;
}

function forgetTrouble() {
  broken = 0;
}

/** What waited for a person on the server may be decided by now. @param {Me} me */
async function askAgain({ person, csrf_token }) {
  const undecided = (await entries()).filter(
    ({ state, op, person: of }) => state === "attention" && of === person.code && op.kind !== "scan",
  );
  for (let from = 0; from < undecided.length; from += BATCH) {
    const some = undecided.slice(from, from + BATCH);
    const operations = some.map(operation);
    const answer = await post("/api/v1/operations", csrf_token, { person: person.code, operations });
    if (!answer.ok) return;
    /** @type {{results: Outcome[]}} */
    const { results } = await answer.json();
    for (const [at, entry] of some.entries()) {
      if (results[at]?.status !== "attention") await note(entry, results[at]);
    }
  }
}

/**
 * A code that this phone did not know goes to the list of unknown codes, or turns out to be known.
 * @param {Entry} entry @param {Person} person @param {string} token @returns {Promise<boolean>}
 */
async function sendScan({ id, op }, person, token) {
  const answer = await post("/api/v1/scans", token, { id, code: op.code, person: person.code });
  if (answer.status === 401 || answer.status === 409) return false;
  if (answer.status === 422) {
    await settle(id, "refused", (await answer.json()).error?.message);
    return true;
  }
  if (!answer.ok) throw new ServerTrouble();
  /** @type {{kind: string, title: string}} */
  const { kind, title } = await answer.json();
  if (kind === "unknown") await settle(id, "taken");
  else await settle(id, "refused", `It is ${title}. Nothing was recorded with it: scan it again to use it.`);
  return true;
}

/** @param {Entry} entry @param {Outcome | undefined} outcome */
async function note(entry, outcome) {
  const { status = "refused", error, result } = outcome ?? {};
  // Sent once through the page, when no answer came: the server has it as it read it then.
  const isLeftOut = entry.state === "attention" && result?.dismissed;
  if (isLeftOut) return settle(entry.id, "left_out", "A supervisor left it out. Nothing was booked.");
  if (TAKEN.has(status) && result?.state === "MOVED_DURING_COUNT") return settle(entry.id, "taken", MOVED);
  if (TAKEN.has(status) || error?.code === "id_reused") return settle(entry.id, "taken");
  const state = status === "attention" ? "attention" : "refused";
  await settle(entry.id, state, result?.attention ?? error?.message ?? "The server did not say why.");
}

/** The operation of an entry as the API takes it. @param {Entry} entry */
function operation(entry) {
  const age = ageOf(entry);
  const unsure_min = Math.ceil((age.most - age.least) / 60_000);
  const carry_min = Math.min(Number(entry.op.carry_min ?? 0) + unsure_min, MOST_CARRY_MIN);
  return {
    ...entry.op,
    id: entry.id,
    ...(entry.action === entry.id ? {} : { action: entry.action }),
    age_ms: Math.min(age.least, MOST_AGE_MS),
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
  return answerOf(address, { method: "POST", headers, body: JSON.stringify(body) });
}

/** @param {string} address @param {RequestInit} [how] */
async function answerOf(address, how) {
  const answer = await ask(address, how);
  if (NO_SERVER.has(answer.status)) throw new Error("no answer");
  return answer;
}
