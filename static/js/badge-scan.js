/**
 * A scanned or typed sign-in badge, on any page: it goes to the sign-in, and no other part of the
 * page, no storage and no address ever sees it.
 */
import { isBadge } from "./badge-text.js";
import { hiddenForm } from "./hidden-form.js";
import { showNotice } from "./notice.js";
import { scanRead } from "./scan-read.js";

const PATIENCE_MS = 4000; // for the server's answer
const OFFLINE = "The server can't be reached, so no badge can sign in. You go on as before.";
let sending = false;

// In the capture phase, before scan form, outbox and search.
document.addEventListener("scan-read", heard, { capture: true });
document.addEventListener("input", typed, { capture: true });
document.addEventListener("submit", submitted, { capture: true });

/** @param {Event} event */
function heard(event) {
  const { text } = scanRead(event);
  if (isBadge(text)) {
    event.stopImmediatePropagation();
    send(text);
  } else if (badgeForm()) {
    event.stopImmediatePropagation();
    showNotice("That is no sign-in badge.");
  }
}

/** Nobody looks up a badge while it is being typed. @param {Event} event */
function typed(event) {
  if (isBadge(textOf(event.target))) event.stopImmediatePropagation();
}

/** @param {SubmitEvent} event */
function submitted(event) {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.matches("[data-badge]")) return;
  const field = [...form.elements].find((element) => isBadge(textOf(element)));
  if (!field) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const text = textOf(field);
  /** @type {HTMLInputElement} */ (field).value = "";
  send(text);
}

/** A camera reads a badge many times. @param {string} text */
function send(text) {
  if (sending) return;
  sending = true;
  sendOnce(text).finally(() => (sending = false));
}

/** @param {string} text */
async function sendOnce(text) {
  const form = badgeForm() ?? (await newForm());
  if (!form) return;
  const field = form.elements.namedItem("badge");
  if (field instanceof HTMLInputElement) field.value = text;
  HTMLFormElement.prototype.submit.call(form);
  if (field instanceof HTMLInputElement) field.value = ""; // what is sent is taken already
}

/** The form of a sign-in page. @returns {HTMLFormElement | null} */
function badgeForm() {
  return document.querySelector("form[data-badge]");
}

/**
 * A form for a page without one; null, and a sentence, where the server can't be reached: a scan
 * must not lead to a dead page in the middle of the work.
 * @returns {Promise<HTMLFormElement | null>}
 */
async function newForm() {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch("/api/v1/me", { cache: "no-store", signal }).catch(() => null);
  if (!answer || answer.status >= 500) {
    showNotice(OFFLINE);
    return null;
  }
  const back = location.pathname + location.search;
  if (!answer.ok) {
    location.assign(`/sign-in/pin?next=${encodeURIComponent(back)}`); // signed out or locked
    return null;
  }
  const { csrf_token } = await answer.json();
  return hiddenForm("/sign-in/badge", { csrf_token, next: back, badge: "" });
}

/** @param {EventTarget | null} target @returns {string} */
function textOf(target) {
  const isText = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return isText && target.name !== "badge" ? target.value : "";
}
