/** When what waits on this phone, or whether it can be sent, may have changed. */

const NEWS = ["outbox-changed", "outbox-progress", "outbox-sent", "reach-changed", "signed-in", "signed-out", "unsent-changed"];

/** @param {() => void} listener @param {AbortSignal} signal ends the listening */
export function whenWaitingChanges(listener, signal) {
  for (const event of NEWS) document.addEventListener(event, listener, { signal });
}
