/** The one quiet line of the page (`#toast`): what is not sent, not saved or waiting. */

/**
 * Shows a sentence until it is replaced or cleared; screen readers hear it once.
 * @param {string} text
 */
export function showNotice(text) {
  const toast = document.getElementById("toast");
  const pattern = document.getElementById("notice");
  if (!toast || toast.textContent === text || !(pattern instanceof HTMLTemplateElement)) return;
  const line = document.importNode(pattern.content, true);
  const words = line.querySelector(".words");
  if (words) words.textContent = text;
  toast.replaceChildren(line);
}

/** @returns {string} the sentence that is shown, or nothing */
export function shownNotice() {
  return document.getElementById("toast")?.textContent?.trim() ?? "";
}

/** Takes the sentence away. */
export function clearNotice() {
  document.getElementById("toast")?.replaceChildren();
}
