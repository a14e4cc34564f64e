/** What this device remembers about its camera; where storage is refused, nothing is remembered. */

/** @typedef {"lens" | "zoom"} Choice */

/** @param {Choice} choice @returns {string | null} */
export function recall(choice) {
  try {
    return localStorage.getItem(keyOf(choice));
  } catch {
    return null;
  }
}

/** @param {Choice} choice @param {string | null} value null forgets it */
export function remember(choice, value) {
  try {
    if (value === null) localStorage.removeItem(keyOf(choice));
    else localStorage.setItem(keyOf(choice), value);
  } catch {
    // the choice ends with the page
  }
}

/** @param {Choice} choice */
function keyOf(choice) {
  return `stockscan.camera.${choice}`;
}
