/** <waiting-list>: every write that this phone holds, what became of it, and what to do about it. */
import { filledElement } from "./fill.js";
import { takeBack } from "./offline-taking.js";
import { whenOf } from "./offline-words.js";
import { send } from "./outbox-sender.js";
import { drop, entries, sendAgain } from "./outbox.js";
import { fact } from "./phone-db.js";
import { isReached } from "./reach.js";

/** @typedef {import("./phone-db.js").Entry} Entry */
/** @typedef {import("./phone-db.js").Person} Person */

const MINUTE_MS = 60_000;

class WaitingList extends HTMLElement {
  #life = new AbortController();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    for (const event of ["outbox-changed", "outbox-progress", "outbox-sent", "reach-changed", "signed-in"]) {
      document.addEventListener(event, () => this.#show(), { signal });
    }
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
    const troubled = newest.filter(({ state }) => state === "refused" || state === "attention");
    this.replaceChildren(...[
      summaryOf(waiting, me),
      mine.length ? listOf("Will be sent", mine.map(rowOf)) : null,
      ...namesOf(others).map((name) => othersOf(name, others)),
      troubled.length ? casesOf(troubled) : null,
    ].filter((part) => part !== null));
  }

  /** @param {Event} event */
  async #clicked(event) {
    /** @type {HTMLElement | null} */
    const button = /** @type {Element} */ (event.target).closest("button[data-do]");
    const id = button?.dataset.id ?? "";
    switch (button?.dataset.do) {
      case "send": return void send();
      case "again": return void (await sendAgain(id));
      case "ask-drop": return void button.replaceWith(sureOf(id));
      case "drop": return void (await drop(id));
      case "undo": return void (await this.#takeBack(id));
    }
  }

  /** @param {string} id */
  async #takeBack(id) {
    const me = /** @type {Person | undefined} */ (await fact("person"));
    const entry = (await entries()).find((one) => one.id === id);
    if (me && entry) await takeBack(me, entry.action);
    this.#show();
  }
}

/** @param {Entry[]} waiting newest first @param {Person | undefined} me */
function summaryOf(waiting, me) {
  const oldest = waiting.at(-1);
  if (!oldest) return filledElement("waiting-none", {});
  const minutes = Math.floor((Date.now() - oldest.clock.wall_ms) / MINUTE_MS);
  const age = minutes < 1 ? "less than a minute" : minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
  const reached = isReached();
  return filledElement("waiting-summary", {
    count: String(waiting.length),
    what: !reached ? "waiting for the network" : me ? "being sent" : "waiting for a sign-in",
    age: `Safe on this phone. Oldest ${age}.`,
    next: !reached ? "Sent in order when it is back." : me ? "Sent in order." : "Sign in and they are sent.",
    sign_in: (reached && !me) || null,
    send: (reached && Boolean(me)) || null,
  });
}

/** @param {string} title @param {HTMLElement[]} rows */
function listOf(title, rows) {
  return filledElement("waiting-rows", { title, rows });
}

/** @param {Entry} entry */
function rowOf({ id, words, clock, op }) {
  const row = filledElement("waiting-row", {
    name: words.name,
    line: `${words.line} · ${whenOf(clock.wall_ms)}`,
    undo: !["reverse", "scan", "retime"].includes(op.kind) || null,
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
  return filledElement("waiting-others", { count: `${count} of ${name}`, name: `They are sent when ${name} signs in on this phone.` });
}

/** @param {Entry[]} troubled */
function casesOf(troubled) {
  const cases = troubled.map((entry) => {
    const waits = entry.state === "attention" && entry.op.kind !== "scan";
    const block = filledElement("waiting-case", {
      name: entry.words.name,
      line: `${entry.words.line} · ${whenOf(entry.clock.wall_ms)} · ${entry.name}`,
      message: entry.message ?? "",
      attention: waits || null,
      again: entry.state === "refused" || null,
      drop: !waits || null,
    });
    for (const button of block.querySelectorAll("button")) button.dataset.id = entry.id;
    return block;
  });
  return filledElement("waiting-cases", { count: `${troubled.length} not taken`, cases });
}

/** @param {string} id */
function sureOf(id) {
  const button = filledElement("waiting-sure", {});
  button.dataset.id = id;
  return button;
}

customElements.define("waiting-list", WaitingList);
