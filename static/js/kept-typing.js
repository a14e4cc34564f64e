/**
 * Keeps what was typed when a page goes away: a lost session or network costs no words. They come
 * back once: to the same page and person, after a sign-in or by the way back, and nowhere else.
 */
import { showNotice } from "./notice.js";

/**
 * @typedef {HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement} Control
 * @typedef {{ action: string, name: string, value: string, on: boolean }} Typed
 * @typedef {{ page: string, person: string, ended: boolean, typed: Typed[] }} Kept
 */

const STORED = "stockscan.typed";
// Of the write that a form means: it stays the same, since the server may have had it.
const ID = "id";
const NOT_TYPED = new Set(["hidden", "password", "file", "submit", "button", "image", "reset"]);

const page = location.pathname + location.search;
const person = document.documentElement.dataset.me ?? "";

/** @returns {[string, Control][]} what can be typed on this page, with its form's address, and ids */
function controls() {
  const forms = [...document.forms].filter((form) => form.method === "post" && !form.closest("scan-form, #stage"));
  return forms.flatMap((form) => {
    const action = form.getAttribute("action") ?? "";
    const own = /** @type {Control[]} */ ([...form.elements].filter((one) => "form" in one && "name" in one && one.name));
    return own.filter((one) => "value" in one && (one.name === ID || !NOT_TYPED.has(one.type)))
      .map((one) => /** @type {[string, Control]} */ ([action, one]));
  });
}

/** @param {Control} control whether somebody changed it */
function isChanged(control) {
  if (control instanceof HTMLSelectElement) return [...control.options].some((one) => one.selected !== one.defaultSelected);
  if ("checked" in control && isTick(control)) return control.checked !== control.defaultChecked;
  return control.value !== control.defaultValue;
}

/** @param {Control} control */
function isTick(control) {
  return control.type === "checkbox" || control.type === "radio";
}

/** @param {Control} control */
function isOn(control) {
  return control instanceof HTMLInputElement && control.checked;
}

function keep() {
  const all = controls();
  const touched = new Set(all.filter(([, one]) => isChanged(one)).map(([action]) => action));
  const typed = all.filter(([action, one]) => isChanged(one) || (one.name === ID && touched.has(action)))
    .map(([action, one]) => ({ action, name: one.name, value: one.value, on: isOn(one) }));
  write(typed.length ? { page, person, ended: false, typed } : null);
}

/** @param {Typed[]} typed */
function bringBack(typed) {
  let came = 0;
  for (const [action, control] of controls()) {
    const said = typed.find((one) => one.action === action && one.name === control.name
      && (!isTick(control) || one.value === control.value));
    if (!said) continue;
    if (isTick(control)) /** @type {HTMLInputElement} */ (control).checked = said.on;
    else control.value = said.value;
    for (let fold = control.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
    control.dispatchEvent(new Event("input", { bubbles: true }));
    came += 1;
  }
  if (came) showNotice("What you typed is here again. Save it.");
}

/** @returns {Kept | null} */
function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(STORED) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Kept | null} what */
function write(what) {
  try {
    if (what) sessionStorage.setItem(STORED, JSON.stringify(what));
    else sessionStorage.removeItem(STORED);
  } catch {
    // storage is refused: what is typed lives as long as the page
  }
}

function isWayBack() {
  const [how] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  return how?.type === "back_forward";
}

const was = kept();
if (!person) {
  // Who comes is asked first; what was typed waits meanwhile.
  if (was) write({ ...was, ended: true });
} else {
  write(null);
  if (was && was.page === page && was.person === person && (was.ended || isWayBack())) bringBack(was.typed);
  addEventListener("pagehide", keep);
}

document.addEventListener("click", (event) => {
  if (/** @type {Element} */ (event.target).closest("[data-back]")) history.back();
});
