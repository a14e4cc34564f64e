/** <offline-scan data-rules>: does what a scan or a tap means when no server answers, and keeps it. */
import { syncCatalogue } from "./catalogue-sync.js";
import { isThereAny } from "./catalogue.js";
import { showMatchesOf, takeForm, takeScan } from "./offline-taking.js";
import { drawFromAddress, redraw } from "./offline-scene.js";
import { htmxContext } from "./htmx-guard.js";
import { showNotice } from "./notice.js";
import { send } from "./outbox-sender.js";
import { isHeldHere, waitingOf } from "./outbox.js";
import { fact } from "./phone-db.js";
import { isReached, noteReach } from "./reach.js";
import { syncSheets } from "./sheets-sync.js";
import { signal as play } from "./sounds.js";
import htmx from "../vendor/htmx-4.0.1/htmx.esm.min.js";

/** @typedef {import("./phone-db.js").Person} Person */

const LEARN_MS = 1500;
const ANSWER_WITHIN = "10s"; // then the phone goes on by itself; the id makes sure of once
const NO_SERVER = new Set([502, 503, 504]);

export class OfflineScan extends HTMLElement {
  #life = new AbortController();
  #waits = false;
  /** @type {Promise<unknown>} what was tapped last, until the stage shows it */
  #tap = Promise.resolve();

  connectedCallback() {
    this.#life = new AbortController();
    const { signal } = this.#life;
    document.addEventListener("submit", (event) => this.#submitted(event), { signal, capture: true });
    document.addEventListener("click", (event) => this.#clicked(event), { signal, capture: true });
    document.addEventListener("htmx:config:request", hurry, { signal });
    document.addEventListener("htmx:after:swap", learn, { signal });
    for (const event of ["htmx:error", "htmx:before:response"]) {
      document.addEventListener(event, (event) => this.#unanswered(event), { signal, capture: true });
    }
    for (const event of ["outbox-changed", "outbox-progress"]) {
      document.addEventListener(event, () => this.#changed().catch(() => {}), { signal }); // asked again by a scan
    }
    document.addEventListener("outbox-sent", () => this.#sent(), { signal });
    document.addEventListener("signed-out", () => this.#isShell && this.#reopen(), { signal });
    this.#changed();
    if (this.#isShell) this.#openShell();
  }

  disconnectedCallback() {
    this.#life.abort();
  }

  /** Where nobody was ever signed in, the page says so already. */
  async #openShell() {
    const person = await this.#able();
    const name = document.querySelector("[data-my-name]");
    if (person && name) name.textContent = person.name;
    if (person) await drawFromAddress();
  }

  /**
   * Whether scans are taken by the phone just now: no server, or what came before is not sent.
   * Waits for what was tapped before, because a scan means what the stage shows after it.
   */
  async isAway() {
    await Promise.allSettled([this.#tap]);
    await this.#changed();
    return this.#isAwayNow;
  }

  /**
   * Takes one scan.
   * @param {{id: string, raw: string, way: string, fields: [string, string][]}} scan
   * @returns {Promise<boolean>} false where this phone knows too little to do so
   */
  async take(scan) {
    const person = await this.#able();
    if (person) await takeScan(person, scan);
    else if (this.#isShell) {
      play("warn");
      showNotice("Nothing was recorded: this phone knows nobody yet. Sign in where there is network.");
    }
    return person !== null || this.#isShell;
  }

  get #isShell() {
    return this.hasAttribute("data-shell");
  }

  get #isAwayNow() {
    return !isReached() || this.#waits || this.#isShell;
  }

  /** @returns {Promise<Person | null>} who scans, if this phone can go on alone */
  async #able() {
    const person = /** @type {Person | undefined} */ (await fact("person"));
    const shown = document.documentElement.dataset.me;
    if (!person || (shown && shown !== person.code)) return null; // somebody else signed in since
    return (await isThereAny()) ? person : null;
  }

  async #changed() {
    const person = /** @type {Person | undefined} */ (await fact("person"));
    this.#waits = person !== undefined && (await waitingOf(person.code)).length > 0;
  }

  /** A tap on the stage while the phone is on its own. @param {Event} event */
  #submitted(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const isLocal = form.closest("#stage[data-local]") !== null;
    if (form.getAttribute("action") === "/sign-out" && !isReached()) return stay(event);
    if (!form.closest("#stage") || !(isLocal || this.#isAwayNow)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = /** @type {SubmitEvent} */ (event);
    this.#tap = this.#takeForm(form, new FormData(form, submitter));
  }

  /** @param {HTMLFormElement} form @param {FormData} said */
  async #takeForm(form, said) {
    const person = await this.#able();
    const taken = person && (await takeForm(person, form, said).catch(() => false));
    if (!taken) showNotice("Not recorded. Try again, or go where there is network.");
  }

  /** @param {Event} event */
  #clicked(event) {
    const spot = /** @type {Element} */ (event.target);
    const stage = spot.closest("#stage");
    if (!stage) return;
    /** @type {HTMLElement | null} */
    const button = spot.closest("[data-take-back], [data-raw], [data-act], [data-complete]");
    if (button && stage.hasAttribute("data-local")) {
      this.#tap = this.#tapped(button);
      return;
    }
    const address = spot.closest("a[href]")?.getAttribute("href") ?? "";
    if (!/^\/scan(\?|$)/.test(address) || !(stage.hasAttribute("data-local") || this.#isAwayNow)) return;
    event.preventDefault();
    history.replaceState(history.state, "", address);
    this.#tap = drawFromAddress();
  }

  /** @param {HTMLElement} button */
  async #tapped(button) {
    const person = await this.#able();
    if (!person) return;
    const taken = await takeForm(person, button, new FormData()).catch(() => false);
    if (!taken) showNotice("Not recorded. Try again.");
  }

  /** The server did not answer a tap: the phone takes it under the same id. @param {Event} event */
  #unanswered(event) {
    const ctx = htmxContext(event);
    const form = ctx?.sourceElement;
    if (form instanceof HTMLInputElement && form.name === "raw") return searchHere(event, form);
    if (!(form instanceof HTMLFormElement) || !form.closest("#stage")) return;
    const status = ctx?.response?.status ?? 0;
    if (status && !NO_SERVER.has(status)) return;
    const body = ctx?.request.body;
    if (!(body instanceof FormData || body instanceof URLSearchParams)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    noteReach(false);
    const said = new FormData();
    for (const [name, value] of body) said.append(name, value);
    this.#tap = this.#takeForm(form, said);
  }

  /** All is sent: the server shows the stage from here on. */
  async #sent() {
    await this.#changed();
    const stage = document.querySelector("#stage[data-local]");
    if (!stage || stage.getAttribute("data-state") === "entry" || isHeldHere()) return;
    if (this.#isShell) return this.#reopen();
    if (!isReached()) return; // it went again meanwhile: scans would wait for this answer
    document.documentElement.toggleAttribute("data-quiet", true);
    const address = stage.getAttribute("data-address") ?? "/scan";
    htmx.ajax("GET", address, { target: "#stage", swap: "outerHTML" })
      .finally(() => document.documentElement.toggleAttribute("data-quiet", false));
  }

  /** The page of the server in place of the shell. */
  #reopen() {
    location.replace(document.getElementById("stage")?.dataset.address ?? "/scan");
  }
}

/** A tap waits no longer than a scan does; a photo takes its time. @param {Event} event */
function hurry(event) {
  const ctx = htmxContext(event);
  const isOurs = ctx?.target?.id === "stage" || ctx?.sourceElement.closest("scan-form");
  if (ctx && isOurs && !ctx.sourceElement.closest("photo-scan")) ctx.request.timeout = ANSWER_WITHIN;
}

/** Without the server nobody can be signed out, and the next page would be the browser's. @param {Event} event */
function stay(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  showNotice("Signing out needs the network. Until then this phone stays with you.");
}

/** What is being typed is looked for on this phone. @param {Event} event @param {HTMLInputElement} field */
function searchHere(event, field) {
  if (htmxContext(event)?.response) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  showMatchesOf(field.value).catch(() => {});
}

let syncTimer = 0;

/** What was done through the server is known here too, soon after: the network may go any time. */
function learn() {
  const stage = document.getElementById("stage");
  if (stage) stage.dataset.opened ??= String(Date.now()); // a count covers the time since
  clearTimeout(syncTimer);
  syncTimer = setTimeout(() => syncCatalogue().then(syncSheets), LEARN_MS);
}

document.addEventListener("reach-changed", () => {
  send(); // or begin to try again
  redraw();
});

customElements.define("offline-scan", OfflineScan);
