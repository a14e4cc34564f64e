/** Opens and closes the camera, one request at a time. */
import { isPoorLens, likelyMainLens, rearLenses } from "./camera-lens.js";
import { recall, remember } from "./camera-memory.js";

const GONE = new Set(["NotFoundError", "OverconstrainedError"]);

/** @type {Promise<unknown>} */
let turn = Promise.resolve();

/**
 * The rear camera at a size that labels need: the lens kept for this device, else the browser's
 * choice, else a better one. Rejects with the browser's own error, or when no longer wanted.
 * @param {AbortSignal} unwanted
 * @returns {Promise<MediaStream>}
 */
export function openRearCamera(unwanted) {
  return inTurn(async () => (await openKept(unwanted)) ?? (await openBest(unwanted)));
}

/** @param {MediaStream} stream */
export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {MediaStream} stream @returns {string} id of its lens */
export function lensId(stream) {
  return trackOf(stream).getSettings().deviceId ?? "";
}

/** @param {MediaStream} stream @returns {MediaStreamTrack} */
export function trackOf(stream) {
  const [track] = stream.getVideoTracks();
  if (!track) throw new DOMException("a camera without a picture", "NotFoundError");
  return track;
}

/** @param {AbortSignal} unwanted @returns {Promise<MediaStream | null>} */
async function openKept(unwanted) {
  const id = recall("lens");
  if (!id) return null;
  try {
    return await ask({ deviceId: { exact: id } }, unwanted);
  } catch (error) {
    if (!(error instanceof DOMException) || !GONE.has(error.name)) throw error;
    remember("lens", null);
    return null;
  }
}

/** @param {AbortSignal} unwanted */
async function openBest(unwanted) {
  const first = await ask({ facingMode: "environment" }, unwanted);
  if (!isPoorLens(trackOf(first))) return first;
  const first_id = lensId(first);
  const main = likelyMainLens(await rearLenses(), first_id);
  if (!main) return first;
  closeCamera(first); // phones open one lens at a time
  const second = await ask({ deviceId: { exact: main.deviceId } }, unwanted).catch(() => null);
  if (second && !isPoorLens(trackOf(second))) return kept(second);
  if (second) closeCamera(second);
  return kept(await ask({ deviceId: { exact: first_id } }, unwanted));
}

/** So that the next visit needs one request only. @param {MediaStream} stream */
function kept(stream) {
  remember("lens", lensId(stream));
  return stream;
}

/**
 * @param {MediaTrackConstraints} lens @param {AbortSignal} unwanted
 * @returns {Promise<MediaStream>}
 */
async function ask(lens, unwanted) {
  if (!navigator.mediaDevices) throw new DOMException("needs https", "SecurityError");
  unwanted.throwIfAborted();
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: { ...lens, ...size } });
  if (!unwanted.aborted) return stream;
  closeCamera(stream);
  throw unwanted.reason;
}

/** @template T @param {() => Promise<T>} job @returns {Promise<T>} */
function inTurn(job) {
  const mine = turn.then(job);
  turn = mine.catch(() => undefined);
  return mine;
}
