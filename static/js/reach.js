/** Whether the server can be reached, as far as this page knows: the last try decides. */

const ANSWER_MS = 30_000;

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

/**
 * Asks the server for JSON. What gets no answer ends after half a minute, or as soon as the network
 * goes: who waits on would learn late that it is back. Writes carry an id, so they may be sent again.
 * @param {string} address @param {RequestInit} [how] @returns {Promise<Response>}
 */
export function ask(address, how = {}) {
  const waiting = new AbortController();
  const end = () => waiting.abort();
  setTimeout(end, ANSWER_MS);
  addEventListener("offline", end, { once: true, signal: waiting.signal });
  return fetch(address, { ...how, headers: { Accept: "application/json", ...how.headers }, signal: waiting.signal });
}
