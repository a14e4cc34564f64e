/** What an open lens can do beyond a picture: light, zoom, focus. */

/**
 * What phones know beyond the types of the standard.
 * @typedef {object} Extras
 * @property {boolean} [torch]
 * @property {string[]} [focusMode]
 * @property {{min: number, max: number}} [zoom]
 */

/**
 * @typedef {object} Setting
 * @property {boolean} [torch]
 * @property {number} [zoom]
 * @property {string} [focusMode]
 * @property {{x: number, y: number}[]} [pointsOfInterest]
 */

const ZOOMS = [1, 2, 3];
const REFOCUS_MS = 3000; // long enough to read what was tapped

/** @type {WeakMap<MediaStreamTrack, Setting>} what was asked of each track so far */
const asked = new WeakMap();

/** @param {MediaStreamTrack} track */
export function hasTorch(track) {
  return extras(track).torch === true;
}

/** @param {MediaStreamTrack} track @param {boolean} on @returns {Promise<boolean>} did it obey */
export function setTorch(track, on) {
  return adjust(track, { torch: on });
}

/** @param {MediaStreamTrack} track @returns {number[]} the factors worth offering */
export function zoomsOf(track) {
  const { zoom } = extras(track);
  const within = ZOOMS.filter((factor) => zoom && zoom.min <= factor && factor <= zoom.max);
  return within.length > 1 ? within : [];
}

/** @param {MediaStreamTrack} track @param {number} factor @returns {Promise<boolean>} likewise */
export function setZoom(track, factor) {
  return adjust(track, { zoom: factor });
}

/** Lets the lens follow what it sees, if it can. @param {MediaStreamTrack} track */
export async function focusAlways(track) {
  if (canFocus(track, "continuous")) await adjust(track, { focusMode: "continuous" });
}

/**
 * Focuses on one point of the frame, then follows again.
 * @param {MediaStreamTrack} track @param {{x: number, y: number}} point each from 0 to 1
 * @returns {Promise<boolean>} whether this lens can
 */
export async function focusAt(track, point) {
  const { pointsOfInterest = false } = /** @type {{pointsOfInterest?: boolean}} */ (
    navigator.mediaDevices.getSupportedConstraints()
  );
  if (!pointsOfInterest || !canFocus(track, "single-shot")) return false;
  setTimeout(() => focusAlways(track), REFOCUS_MS);
  return adjust(track, { pointsOfInterest: [point], focusMode: "single-shot" });
}

/** @param {MediaStreamTrack} track @returns {string[] | undefined} undefined: it does not say */
export function focusModesOf(track) {
  return extras(track).focusMode;
}

/** @param {MediaStreamTrack} track @param {string} mode */
function canFocus(track, mode) {
  return focusModesOf(track)?.includes(mode) === true;
}

/** @param {MediaStreamTrack} track @returns {Extras} */
function extras(track) {
  return /** @type {Extras} */ (track.getCapabilities?.() ?? {});
}

/**
 * Asks for the change together with all that was asked before: some phones forget the rest.
 * @param {MediaStreamTrack} track @param {Setting} change @returns {Promise<boolean>}
 */
async function adjust(track, change) {
  const wanted = { ...asked.get(track), ...change };
  const advanced = Object.entries(wanted).map(([name, value]) => ({ [name]: value }));
  try {
    await track.applyConstraints({ advanced });
    asked.set(track, wanted);
    return true;
  } catch {
    return false; // some phones list what they then refuse
  }
}
