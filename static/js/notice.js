/** The one quiet line of the page (`#toast`): what is not sent, not saved or waiting. */

/**
 * Shows a sentence until it is replaced or cleared; screen readers hear it once.
 * @param {string} text
 */
export function showNotice(text) {
  const toast = document.getElementById("toast");
  if (!toast || toast.textContent === text) return;
  const line = document.createElement("p");
  line.className = "notice";
  line.textContent = text;
  toast.replaceChildren(line);
}

/** Takes the sentence away. */
export function clearNotice() {
  document.getElementById("toast")?.replaceChildren();
}
