/** Whether the server can be reached, as far as this page knows: the last try decides. */

let reached = navigator.onLine !== false;

addEventListener("offline", () => noteReach(false));

/** @returns {boolean} */
export function isReached() {
  return reached;
}

/** Notes how a try ended; a change is told by `reach-changed`. @param {boolean} now */
export function noteReach(now) {
  if (reached === now) return;
  reached = now;
  document.dispatchEvent(new Event("reach-changed"));
}
