/** <scan-form data-person>: sends every scan with the form it wraps, in order, until answered. */
import { isRegionBusy } from "./htmx-guard.js";
import { clearNotice, showNotice } from "./notice.js";
import { noteReach } from "./reach.js";
import { deliver, submitAs } from "./scan-delivery.js";
import { ScanQueue } from "./scan-queue.js";
import { scanRead } from "./scan-read.js";
import { signal as play } from "./sounds.js";

/** @typedef {import("./offline-scan.js").OfflineScan} OfflineScan */

const MOST_BROKEN = 3; // tries at a scan that the server fails at
const RETRY_MS = [1000, 2000, 4000, 8000, 15_000, 30_000];

class ScanForm extends HTMLElement {
  #life = new AbortController();
  #queue = new ScanQueue("", "");
  #sending = false;
  #submitting = false;
  #fails = 0;
  #retryTimer = 0;
  #told = false;

  connectedCallback() {
    this.#life = new AbortController();
    this.#queue = new ScanQueue(this.dataset.person ?? "", this.#form.getAttribute("action") ?? "");
    const { signal } = this.#life;
    document.addEventListener("scan-read", (event) => this.#read(event), { signal });
    document.addEventListener("scan-free", () => this.#send(), { signal });
    document.addEventListener("htmx:finally:request", () => this.#send(), { signal });
    document.addEventListener("htmx:before:settle", keepAddress, { signal });
    this.addEventListener("submit", (event) => this.#typed(event), { signal, capture: true });
    this.addEventListener("change", (event) => this.#opened(event), { signal });
    addEventListener("online", () => this.#send(), { signal });
    setTimeout(() => this.#send()); // by then htmx knows the form
  }

  disconnectedCallback() {
    this.#life.abort();
    clearTimeout(this.#retryTimer);
  }

  /** @param {Event} event */
  #read(event) {
    const meant = /** @type {Element} */ (event.target).getAttribute("for");
    const into = /** @type {HTMLInputElement | HTMLTextAreaElement | null} */ (
      document.querySelector("#stage [data-scan-into]")
    );
    const { text, way } = scanRead(event);
    if (into) {
      const lines = into instanceof HTMLTextAreaElement ? `${into.value.trimEnd()}\n` : "";
      into.value = `${lines}${text}`.trimStart(); // a text area takes a list, one scan a line
      return;
    }
    // Not `form.id`: the form has a field of that name, which stands in its place.
    if (meant && meant !== this.#form.getAttribute("id")) return;
    const typed = unsentNumber();
    if (typed) return this.#refuse(`${typed} is not recorded yet. Tap Next, or erase it; then scan.`);
    this.#add(text, way);
  }

  /** @param {string} why a scan is not taken just now */
  #refuse(why) {
    play("warn");
    this.#say(why);
  }

  /** A person's own submit joins the queue. @param {Event} event */
  #typed(event) {
    if (this.#submitting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const picked = /** @type {HTMLButtonElement | null} */ (/** @type {SubmitEvent} */ (event).submitter);
    const raw = picked?.name === "pick" ? picked.value : this.#field.value.trim();
    this.querySelector("#matches")?.replaceChildren();
    this.#field.value = "";
    this.#field.blur();
    const toggle = this.#toggle;
    if (toggle) toggle.checked = false;
    // Later, because a form does not submit while it is being submitted.
    if (raw) setTimeout(() => this.#add(raw, "typed"));
  }

  /** @param {Event} event */
  #opened(event) {
    if (event.target === this.#toggle && this.#toggle?.checked) this.#field.focus();
  }

  /** @param {string} raw @param {string} way */
  #add(raw, way) {
    this.#queue.add(raw, way);
    this.#send();
    this.#tell();
  }

  async #send() {
    const scan = this.#queue.first;
    if (!scan || this.#sending || isHeld()) return;
    if (isRegionBusy(this.#form.getAttribute("hx-target"), this.#form)) return;
    clearTimeout(this.#retryTimer);
    if (!this.#form.hasAttribute("hx-post")) {
      this.#queue.drop(scan);
      return this.#bySubmit(() => submitAs(this.#form, this.#field, scan.raw));
    }
    this.#sending = true;
    // Whatever goes wrong on this phone, the scan is tried again.
    const outcome = await this.#try(scan).catch(() => /** @type {const} */ ("failed"));
    this.#sending = false;
    const given_up = outcome === "broken" && this.#fails >= MOST_BROKEN;
    if (given_up) showNotice("A scan was not taken: the server had a problem. Scan it again.");
    if (outcome === "answered" || given_up) this.#answered(scan);
    else this.#unanswered(outcome);
  }

  /**
   * Asks the server, or, where it does not answer, lets the phone take the scan under the same id.
   * @param {import("./scan-queue.js").UnsentScan} scan
   */
  async #try(scan) {
    const phone = /** @type {OfflineScan | null} */ (document.querySelector("offline-scan"));
    if (phone && await phone.isAway() && await phone.take(this.#withFields(scan))) return "answered";
    const outcome = await this.#bySubmit(() => deliver(this.#form, this.#field, scan));
    if (outcome === "answered") noteReach(true);
    if (outcome !== "failed" || !phone) return outcome;
    noteReach(false);
    return await phone.take(this.#withFields(scan)) ? "answered" : outcome;
  }

  /** @param {import("./scan-queue.js").UnsentScan} scan */
  #withFields(scan) {
    const shown = /** @type {[string, string][]} */ ([...new FormData(this.#form)]);
    return { ...scan, fields: scan.fields ?? shown };
  }

  /** @template T @param {() => T} submit @returns {T} */
  #bySubmit(submit) {
    this.#submitting = true;
    try {
      return submit();
    } finally {
      this.#submitting = false;
    }
  }

  /** @param {import("./scan-queue.js").UnsentScan} scan */
  #answered(scan) {
    this.#queue.drop(scan);
    this.#fails = 0;
    this.#send();
    this.#tell();
  }

  /** @param {"failed" | "broken" | "signed-out"} outcome */
  #unanswered(outcome) {
    this.#queue.hold();
    if (this.#life.signal.aborted) return;
    if (outcome === "signed-out") return this.#signIn();
    if (this.#fails === 0) play("queued");
    const wait_ms = RETRY_MS[Math.min(this.#fails, RETRY_MS.length - 1)];
    this.#fails += 1;
    this.#retryTimer = setTimeout(() => this.#send(), wait_ms);
    this.#tell();
  }

  /** The scan is kept and sent by this page after the sign-in. */
  #signIn() {
    const back = encodeURIComponent(location.pathname + location.search);
    location.assign(`${this.dataset.signIn ?? "/sign-in"}?next=${back}`);
  }

  #tell() {
    const count = this.#queue.length;
    const scans = count === 1 ? "1 scan" : `${count} scans`;
    if (count === 1 && this.#fails > 0) this.#say("Not sent yet. Retrying");
    else if (count > 1 && this.#fails > 0) this.#say(`${scans} not sent yet. Retrying`);
    else if (count > 0 && isHeld()) this.#say(`${scans} waiting for you`);
    else if (this.#told) this.#say("");
  }

  /** @param {string} words */
  #say(words) {
    this.#told = words !== "";
    if (words) showNotice(words);
    else clearNotice();
  }

  get #form() {
    return /** @type {HTMLFormElement} */ (this.querySelector("form"));
  }

  get #field() {
    return /** @type {HTMLInputElement} */ (this.querySelector("input[name=raw]"));
  }

  /** @returns {HTMLInputElement | null} what opens the form for typing */
  get #toggle() {
    return this.querySelector(":scope > input[type=checkbox]");
  }
}

/** A reload, or coming back after a sign-in, shows what is on the stage from now on. */
function keepAddress() {
  const address = document.getElementById("stage")?.dataset.address;
  if (address) history.replaceState(history.state, "", address);
}

/** @returns {string} the number of an entry that a scan would throw away; onto a count it adds */
function unsentNumber() {
  /** @type {HTMLInputElement | null} */
  const field = document.querySelector("#stage .entryform:not(:has(count-entries)) input[name=quantity]");
  return field?.value.trim() ?? "";
}

/** A red result stays until somebody has understood it; scans wait meanwhile. */
function isHeld() {
  return document.querySelector("scan-result[data-holding]") !== null;
}

customElements.define("scan-form", ScanForm);
