/** <waiting-list>: every write that this phone holds, what became of it, and what to do about it. */
import { filledElement } from "./fill.js";
import { takeBackOne } from "./offline-taking.js";
import { whenOf } from "./offline-words.js";
import { send } from "./outbox-sender.js";
import { drop, entries, isToBeSeen, isTroubled, sendAgain, settle } from "./outbox.js";
import { fact } from "./phone-db.js";
import { isReached, isSignedOut } from "./reach.js";
import { lateScans } from "./scan-queue.js";
import { whenWaitingChanges } from "./waiting-news.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */

const MINUTE_MS = 60_000;

class WaitingList extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    whenWaitingChanges(() => this.#show(), signal);
    this.addEventListener("click", (event) => this.#clicked(event), { signal });
    this.#show();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  async #show() {
    const all = await entries();
    const me = /** @type {Person | undefined} */ (await fact("person"));
    const newest = [...all].reverse();
    const waiting = newest.filter(({ state }) => state === "waiting");
    const mine = waiting.filter(({ person }) => person === me?.code);
    const others = waiting.filter(({ person }) => person !== me?.code);
    const troubled = newest.filter(isTroubled);
    const cases = troubled.filter(({ person }) => person === me?.code);
    const theirs = [...others, ...troubled.filter(({ person }) => person !== me?.code)];
    const late = lateScans();
    const undone = new Set(all.map(({ op }) => op.kind === "reverse" && op.operation));
    this.replaceChildren(...[
      mine.length ? summaryOf(mine) : null,
      late.length === 0 && all.every((entry) => entry.state === "taken" && !isTroubled(entry)) ? filledElement("waiting-none", {}) : null,
      late.length ? filledElement("waiting-late", { pages: pagesOf(late, me?.code ?? "") }) : null,
      mine.length ? listOf("Will be sent", mine.map((entry) => rowOf(entry, undone.has(entry.id)))) : null,
      ...namesOf(theirs).map((name) => othersOf(name, theirs)),
      cases.length ? casesOf(cases) : null,
    ].filter((part) => part !== null));
  }

  /** @param {Event} event */
  async #clicked(event) {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (event.target).closest("button[data-do]");
    if (button?.dataset.do === "send") return void send();
    const id = button?.dataset.id ?? "";
    const me = /** @type {Person | undefined} */ (await fact("person"));
    const entry = (await entries()).find((one) => one.id === id);
    if (!button || !me || entry?.person !== me.code) return;
    switch (button.dataset.do) {
      case "again": return void (await sendAgain(id));
      case "ask-drop": return void button.replaceWith(sureOf(id));
      case "drop":
        await (isToBeSeen(entry) ? settle(id, "taken") : drop(id));
        return this.#show();
      case "undo": return void (await takeBackOne(me, entry));
    }
  }
}

/** @param {Entry[]} waiting of the person who acts, newest first */
function summaryOf(waiting) {
  const oldest = waiting.at(-1);
  const minutes = Math.floor((Date.now() - (oldest?.clock.wall_ms ?? 0)) / MINUTE_MS);
  const age = minutes < 1 ? "less than a minute" : minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  const [what, next] = !isReached() ? ["waiting for the network", "Sent in order when it is back."]
    : isSignedOut() ? ["waiting for a sign-in", "Sign in and they are sent."]
      : ["being sent", "Sent in order."];
  return filledElement("waiting-summary", {
    count: String(waiting.length),
    what,
    age: `Safe on this phone. Oldest ${age}.`,
    next,
    sign_in: (isReached() && isSignedOut()) || null,
    send: (isReached() && !isSignedOut()) || null,
  });
}

/**
 * The pages that could not send what they read: each does when it is opened again.
 * @param {import("./scan-queue.js").UnsentScan[]} late @param {string} me
 */
function pagesOf(late, me) {
  const newest = new Map(late.map((scan) => [`${scan.door} ${scan.person}`, scan]));
  return [...newest].map(([key, { page, title, person }]) => {
    const count = late.filter((scan) => `${scan.door} ${scan.person}` === key).length;
    const mine = ["", me].includes(person);
    const row = filledElement("waiting-page", {
      name: `${count} ${count === 1 ? "scan" : "scans"}, ${title}`,
      line: mine ? "Open that page with network: it sends them." : "Whoever scanned them has to sign in and open that page.",
    });
    row.querySelector("a")?.setAttribute("href", page);
    return row;
  });
}

/** @param {string} title @param {HTMLElement[]} rows */
function listOf(title, rows) {
  return filledElement("waiting-rows", { title, rows });
}

/** @param {Entry} entry @param {boolean} undone whether it is taken back already */
function rowOf({ id, words, clock, op }, undone) {
  const row = filledElement("waiting-row", {
    name: words.name,
    line: `${words.line} · ${whenOf(clock.wall_ms)}`,
    undo: (!undone && !["reverse", "scan", "retime"].includes(op.kind)) || null,
    undo_words: `Take back: ${words.line} ${words.name}`,
  });
  row.querySelector("button")?.setAttribute("data-id", id);
  return row;
}

/** @param {Entry[]} others */
function namesOf(others) {
  return [...new Set(others.map(({ name }) => name))];
}

/** What somebody else captured here: only they can send it. @param {string} name @param {Entry[]} others */
function othersOf(name, others) {
  const count = others.filter((entry) => entry.name === name).length;
  return filledElement("waiting-others", { count: `${count} of ${name}`, name: `${name} has to sign in on this phone for them.`, sign_in: isReached() || null });
}

/** @param {Entry[]} troubled */
function casesOf(troubled) {
  const cases = troubled.map((entry) => {
    const waits = entry.state === "attention";
    const isOver = entry.state === "left_out" || entry.op.kind === "scan" || isToBeSeen(entry);
    const block = filledElement("waiting-case", {
      name: entry.words.name,
      line: `${entry.words.line} · ${whenOf(entry.clock.wall_ms)} · ${entry.name}`,
      message: entry.message ?? "",
      attention: waits || null,
      again: (entry.state === "refused" && !isOver) || null,
      drop: (!waits && !isOver) || null,
      understood: isOver || null,
    });
    for (const button of block.querySelectorAll("button")) button.dataset.id = entry.id;
    return block;
  });
  const what = troubled.every(isToBeSeen) ? "to look at" : "not taken";
  return filledElement("waiting-cases", { count: `${troubled.length} ${what}`, cases });
}

/** @param {string} id */
function sureOf(id) {
  const button = filledElement("waiting-sure", {});
  button.dataset.id = id;
  return button;
}

customElements.define("waiting-list", WaitingList);
