/** One try to send one scan through its htmx form. */
import { htmxContext } from "./htmx-guard.js";

/** @typedef {import("./scan-queue.js").UnsentScan} UnsentScan */
/** @typedef {"answered" | "failed" | "broken" | "signed-out"} Outcome */

const TRY_LATER = new Set([408, 429, 502, 503, 504]);

/**
 * Submits the form for a scan and waits for its end; the answer is on the page by then.
 * A scan that was tried before is sent with exactly the fields of its first try.
 * @param {HTMLFormElement} form @param {HTMLInputElement} field @param {UnsentScan} scan
 * @returns {Promise<Outcome>}
 */
export function deliver(form, field, scan) {
  const ended = new AbortController();
  const { signal } = ended;
  /** @type {Outcome} */
  let outcome = "failed";
  /** @param {Event} event */
  const judge = (event) => {
    if (event.target !== form) return; // the matches of what is being typed
    outcome = verdict(event);
    if (outcome !== "answered") event.preventDefault();
  };
  let begun = false;
  /** @param {Event} event */
  const begin = (event) => {
    if (event.target !== form) return;
    begun = true;
    fill(event, scan);
  };
  form.addEventListener("htmx:config:request", begin, { signal });
  form.addEventListener("htmx:before:response", judge, { signal });
  form.addEventListener("htmx:error", (event) => event.preventDefault(), { signal });
  return new Promise((resolve) => {
    /** @param {Event} [event] */
    const end = (event) => {
      if (event && event.target !== form) return;
      ended.abort();
      resolve(outcome);
    };
    form.addEventListener("htmx:finally:request", end, { signal });
    submitAs(form, field, scan.raw);
    if (!begun) end(); // the browser or htmx refused to submit just now
  });
}

/**
 * Submits with this code in the field; what a person is typing there stays.
 * @param {HTMLFormElement} form @param {HTMLInputElement} field @param {string} raw
 */
export function submitAs(form, field, raw) {
  const typed = field.value;
  field.value = raw;
  form.requestSubmit();
  field.value = typed;
}

/** @param {Event} event @param {UnsentScan} scan */
function fill(event, scan) {
  const body = htmxContext(event)?.request.body;
  if (!body) return;
  body.delete("page"); // the id is of this scan alone
  body.set("id", scan.id);
  body.set("way", scan.way);
  scan.fields ??= writtenFields(body);
  for (const name of new Set(body.keys())) {
    if (name !== "csrf_token") body.delete(name);
  }
  for (const [name, value] of scan.fields) body.append(name, value);
}

/** @param {FormData | URLSearchParams} body @returns {[string, string][]} */
function writtenFields(body) {
  /** @type {[string, string][]} */
  const fields = [];
  for (const [name, value] of body) {
    if (name !== "csrf_token" && typeof value === "string") fields.push([name, value]);
  }
  return fields;
}

/** @param {Event} event @returns {Outcome} */
function verdict(event) {
  const status = htmxContext(event)?.response?.status ?? 0;
  if (status === 401 || status === 403) return "signed-out"; // 403: the token is of an old session
  if (status === 500) return "broken";
  return TRY_LATER.has(status) ? "failed" : "answered";
}
