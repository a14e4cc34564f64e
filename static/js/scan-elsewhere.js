/** What a scan does on a page without a scan form: it acts on the open thing, or is looked up. */
import { hiddenForm } from "./hidden-form.js";
import { newId } from "./new-id.js";
import { showNotice } from "./notice.js";

/** @typedef {import("./scan-read.js").ScanRead} ScanRead */

/**
 * On the page of a thing (`data-scan-on`: its code) the scan goes to the scan screen with that
 * thing chosen, on the page of a job (`data-scan-work`) for that job; anywhere else the page of what was scanned is opened. Nothing typed is left behind.
 * @param {ScanRead} read
 */
export function scanElsewhere({ text, way }) {
  if (isBeingFilledIn()) {
    showNotice("This page is not saved yet. Save it, or tap the field that the scan is for.");
    return;
  }
  const page = document.querySelector("[data-scan-on]");
  const on = page?.getAttribute("data-scan-on");
  const work = page?.getAttribute("data-scan-work") ?? "";
  /** @type {HTMLInputElement | null} */
  const token = document.querySelector("input[name=csrf_token]");
  if (on && token) hiddenForm("/scans", { csrf_token: token.value, id: newId(), raw: text, way, on, work }).submit();
  else find(text);
}

const TYPED = ":is(input:not([type=hidden]), textarea)";

function isBeingFilledIn() {
  /** @type {NodeListOf<HTMLInputElement | HTMLTextAreaElement>} */
  const fields = document.querySelectorAll(`form[method=post] ${TYPED}, ${TYPED}[form]`);
  return [...fields].some((field) => field.value !== field.defaultValue);
}

/** @param {string} text */
function find(text) {
  /** @type {HTMLFormElement | null} */
  const form = document.querySelector("form[data-find]");
  const field = /** @type {HTMLInputElement | null | undefined} */ (
    form?.querySelector("input:not([type=hidden])")
  );
  if (!form || !field) return;
  field.value = text;
  form.requestSubmit();
}
