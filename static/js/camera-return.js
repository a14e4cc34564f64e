/** Notices when a camera may be had again: the person is back, something was plugged in, allowed. */

/**
 * @param {AbortSignal} signal when it ends, so does the listening
 * @param {(why: "seen" | "plugged" | "allowed") => void} onReturn called while the page is in sight
 */
export async function watchForReturn(signal, onReturn) {
  const seen = () => document.hidden || onReturn("seen");
  const plugged = () => document.hidden || onReturn("plugged");
  document.addEventListener("visibilitychange", seen, { signal });
  navigator.mediaDevices?.addEventListener("devicechange", plugged, { signal });
  const name = /** @type {PermissionName} */ ("camera");
  const permission = await navigator.permissions?.query({ name }).catch(() => null);
  const changed = () => permission?.state === "granted" && onReturn("allowed");
  if (!signal.aborted) permission?.addEventListener("change", changed, { signal });
}
