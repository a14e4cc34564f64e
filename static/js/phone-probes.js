/** What this device can do: each probe answers with one of its outcomes, never with an error. */
import { closeCamera, openRearCamera, trackOf } from "./camera-stream.js";
import { causeOf } from "./camera-trouble.js";
import { decode } from "./decoder.js";

/** @typedef {{outcome: string, figure?: string}} Finding */

const PATIENCE_MS = 30_000;
const MEGABYTE = 1_048_576;
const LEAST_FREE_MB = 50;
const CLOCK_MAY_DIFFER_S = 120;
const SLOW_MS = 1500;

/** @returns {Finding} */
export function secureState() {
  if (location.protocol === "https:") return { outcome: "https" };
  return { outcome: isSecureContext ? "here" : "plain" };
}

/**
 * Whether the app may be kept here: "ready", "untrusted" (the certificate), "plain" (no https),
 * "missing" (no such browser) or "failed".
 * @returns {Promise<string>}
 */
export async function workerState() {
  if (!isSecureContext) return "plain";
  if (!("serviceWorker" in navigator)) return "missing";
  try {
    await navigator.serviceWorker.register("/sw.js");
    return await Promise.race([navigator.serviceWorker.ready.then(() => "ready"), late("failed")]);
  } catch (error) {
    return error instanceof DOMException && error.name === "SecurityError" ? "untrusted" : "failed";
  }
}

/** Without asking for it. @returns {Promise<Finding>} */
export async function cameraProspect() {
  if (!navigator.mediaDevices) return { outcome: isSecureContext ? "missing" : "insecure" };
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  if (!devices.some(({ kind }) => kind === "videoinput")) return { outcome: "missing" };
  return { outcome: "ask" };
}

/** Asks for it and lets it go at once. @returns {Promise<Finding>} */
export async function cameraState() {
  try {
    const stream = await openRearCamera(new AbortController().signal);
    const { width, height } = trackOf(stream).getSettings();
    closeCamera(stream);
    return { outcome: "works", figure: `${width} × ${height}` };
  } catch (error) {
    return { outcome: causeOf(error) };
  }
}

/** @param {string} photo address of a picture with a code @returns {Promise<Finding>} */
export async function decoderState(photo) {
  try {
    const picture = await createImageBitmap(await (await fetch(photo)).blob());
    const all = new DOMRectReadOnly(0, 0, picture.width, picture.height);
    const reply = await Promise.race([decode(picture, all), late(null)]);
    if (reply?.text !== "STOCKSCAN CHECK") return { outcome: "broken" };
    return { outcome: "works", figure: `${Math.ceil(reply.decode_ms)} ms` };
  } catch {
    return { outcome: "broken" };
  }
}

/** @returns {Promise<Finding>} */
export async function storageState() {
  try {
    await writeAndRead();
  } catch {
    return { outcome: "none" };
  }
  // The browser tells these to secure pages only.
  const { quota, usage } = (await navigator.storage?.estimate().catch(() => undefined)) ?? {};
  const free_mb = quota === undefined ? undefined : Math.floor((quota - (usage ?? 0)) / MEGABYTE);
  const figure = free_mb === undefined ? "" : sizeInWords(free_mb);
  if (free_mb !== undefined && free_mb < LEAST_FREE_MB) return { outcome: "tight", figure };
  const is_kept = await navigator.storage?.persisted().catch(() => false);
  return { outcome: is_kept ? "kept" : "loose", figure };
}

/** @returns {Promise<{clock: Finding, reach: Finding}>} */
export async function serverState() {
  const asked_ms = Date.now();
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (!answer.ok) throw new Error("not well");
    const took_ms = Date.now() - asked_ms;
    const told_ms = Date.parse(answer.headers.get("Date") ?? "");
    const reach = { outcome: took_ms > SLOW_MS ? "slow" : "quick", figure: `${took_ms} ms` };
    return { reach, clock: clockState(asked_ms + took_ms / 2 - told_ms) };
  } catch {
    return { reach: { outcome: "none" }, clock: { outcome: "unknown" } };
  }
}

/** @param {number} ahead_ms @returns {Finding} */
function clockState(ahead_ms) {
  if (Number.isNaN(ahead_ms)) return { outcome: "unknown" };
  const ahead_s = Math.round(Math.abs(ahead_ms) / 1000);
  if (ahead_s <= CLOCK_MAY_DIFFER_S) return { outcome: "right" };
  const size = ahead_s < 7200 ? `${Math.round(ahead_s / 60)} min` : `${Math.round(ahead_s / 3600)} h`;
  return { outcome: "wrong", figure: `${size} ${ahead_ms > 0 ? "fast" : "slow"}` };
}

/** @param {number} size_mb */
function sizeInWords(size_mb) {
  return size_mb < 1024 ? `${size_mb} MB free` : `${Math.floor(size_mb / 1024)} GB free`;
}

/** In a database of its own, which goes again. @returns {Promise<void>} */
function writeAndRead() {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("stockscan-check", 1);
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => opening.result.createObjectStore("check");
    opening.onsuccess = () => {
      const database = opening.result;
      const work = database.transaction("check", "readwrite");
      work.objectStore("check").put("kept", "key");
      work.onabort = () => reject(work.error);
      work.oncomplete = () => {
        database.close();
        indexedDB.deleteDatabase("stockscan-check");
        resolve();
      };
    };
  });
}

/** @template T @param {T} answer @returns {Promise<T>} */
function late(answer) {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS, answer));
}
