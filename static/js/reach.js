/** Whether the server can be reached, as far as this page knows: the last try decides. */

let reached = navigator.onLine !== false;

addEventListener("offline", () => noteReach(false));

/** Whether the server asks for a sign-in before it takes anything. */
let signedOut = false;

document.addEventListener("signed-out", () => (signedOut = true));
document.addEventListener("signed-in", () => (signedOut = false));

/** @returns {boolean} */
export function isSignedOut() {
  return signedOut;
}

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
