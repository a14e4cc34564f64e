/** Fills a copy of a `<template>` of the page: markup stays in templates, scripts bring the words. */

/** @typedef {string | Node | Node[] | true | null | undefined} Filling */

/**
 * A copy of a template. Each `[data-slot]` gets its filling as text or as children, stays as it is
 * for `true`, and goes where there is none. `[data-icon]` shows the sign of that name.
 * @param {string} id of the template @param {Record<string, Filling>} fillings
 * @returns {DocumentFragment}
 */
export function filled(id, fillings) {
  const pattern = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  const copy = document.importNode(pattern.content, true);
  for (const slot of copy.querySelectorAll("[data-slot]")) {
    fill(slot, fillings[slot.getAttribute("data-slot") ?? ""]);
  }
  for (const use of copy.querySelectorAll("[data-icon]")) {
    const sign = fillings[use.getAttribute("data-icon") ?? ""];
    if (typeof sign !== "string") continue;
    use.setAttribute("href", (use.getAttribute("href") ?? "").replace(/#.*$/, `#${sign}`));
  }
  return copy;
}

/** The one element that a template is made of. @param {string} id @param {Record<string, Filling>} fillings */
export function filledElement(id, fillings) {
  return /** @type {HTMLElement} */ (filled(id, fillings).firstElementChild);
}

/** @param {Element} slot @param {Filling} filling */
function fill(slot, filling) {
  if (filling === true) return;
  if (!filling || (Array.isArray(filling) && filling.length === 0)) return slot.remove();
  if (typeof filling === "string") slot.textContent = filling;
  else slot.replaceChildren(...[filling].flat());
}
