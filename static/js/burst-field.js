/** The field that had the focus when a scanner began to type, and how to put it right. */

const TEXTS = new Set(["text", "search", "email", "url", "tel", "password"]);
const UNTYPED = new Set([
  "button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit",
]);

/** What a field held before a burst ran into it. */
export class BurstField {
  #field;
  #value = "";
  /** @type {[number, number]} */
  #selected = [0, 0];

  /** @param {EventTarget | null} target of the burst's first key */
  constructor(target) {
    this.#field = isField(target) ? target : null;
    if (!this.#field) return;
    const { value } = this.#field;
    const from = isText(this.#field) ? this.#field.selectionStart : null;
    const to = isText(this.#field) ? this.#field.selectionEnd : null;
    this.#value = value;
    this.#selected = [from ?? value.length, to ?? value.length];
  }

  /** Whether the keys type text here, so that the scan is meant for this field. */
  get takesText() {
    return this.#field !== null && isText(this.#field) && !isCodeField(this.#field);
  }

  /** Whether a key that is let through does no harm here. */
  get takesKeys() {
    return this.#field !== null;
  }

  /** Takes the typed keys out again: the scan was not meant for this field. */
  restore() {
    this.#set(this.#value);
  }

  /** Puts what was scanned where its keys were typed. @param {string} text */
  fill(text) {
    const [from, to] = this.#selected;
    this.#set(this.#value.slice(0, from) + text + this.#value.slice(to));
  }

  /** Goes on to the next field of the form, as a person would. */
  leave() {
    const fields = [...(this.#field?.form?.elements ?? [])];
    const rest = fields.slice(this.#field ? fields.indexOf(this.#field) + 1 : 0);
    const next = rest.find((one) => one.matches(REACHABLE) && one.checkVisibility?.() !== false);
    if (next instanceof HTMLElement) next.focus();
  }

  /** @param {string} value */
  #set(value) {
    if (!this.#field || this.#field.value === value) return;
    this.#field.value = value;
    this.#field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const REACHABLE = ":is(input, select, textarea, button):not(:disabled, [type=hidden])";

/**
 * A text area takes a list, one scan a line: its keys are none of our business.
 * @param {EventTarget | null} target
 */
export function isLeftAlone(target) {
  return target instanceof HTMLTextAreaElement
    || (target instanceof HTMLElement && target.isContentEditable);
}

/** @param {EventTarget | null} target @returns {target is HTMLInputElement | HTMLSelectElement} */
function isField(target) {
  return target instanceof HTMLSelectElement
    || (target instanceof HTMLInputElement && !UNTYPED.has(target.type));
}

/**
 * A label scanned into a quantity or a choice is the next thing, not a quantity.
 * @param {HTMLInputElement | HTMLSelectElement} field @returns {field is HTMLInputElement}
 */
function isText(field) {
  if (!(field instanceof HTMLInputElement) || !TEXTS.has(field.type)) return false;
  return !["none", "numeric", "decimal"].includes(field.inputMode);
}

/** Where codes are typed, a burst is a scan. @param {HTMLElement} field */
function isCodeField(field) {
  return field.closest("scan-form, form[data-find]") !== null;
}
