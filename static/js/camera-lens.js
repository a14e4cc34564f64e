/** Which of a phone's lenses reads labels best. */
import { focusModesOf } from "./camera-track.js";

// Labels come in the phone's language; the standard's own word is asked first.
const FRONT = /front|facing user|selfie|face ?time|vorder|avant|anterior|前/i;
// They see too wide, too far or no colour, and rarely focus on what is near.
const POOR = /ultra|tele|depth|macro|mono|infrared|\bir\b/i;

/** @returns {Promise<MediaDeviceInfo[]>} the lenses that look away from the person; none before
 *   the camera was allowed */
export async function rearLenses() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter((one) => one.kind === "videoinput" && one.deviceId && !facesPerson(one));
}

/**
 * The lens after this one, for the switch; undefined where there is no other.
 * @param {MediaDeviceInfo[]} lenses @param {string} current_id
 */
export function lensAfter(lenses, current_id) {
  const place = lenses.findIndex((lens) => lens.deviceId === current_id);
  const next = lenses[(place + 1) % lenses.length];
  return next?.deviceId === current_id ? undefined : next;
}

/**
 * The lens that most likely is the main one, this one left out.
 * @param {MediaDeviceInfo[]} lenses @param {string} except_id
 */
export function likelyMainLens(lenses, except_id) {
  return lenses
    .filter((lens) => lens.deviceId !== except_id && !POOR.test(lens.label))
    .sort((a, b) => a.label.localeCompare(b.label))[0]; // Android counts from the main one up
}

/**
 * Whether the phone itself says that this lens is no good for labels held near.
 * @param {MediaStreamTrack} track
 */
export function isPoorLens(track) {
  return POOR.test(track.label) || focusModesOf(track)?.includes("continuous") === false;
}

/** @param {MediaDeviceInfo} device */
function facesPerson(device) {
  const { getCapabilities } = /** @type {Partial<InputDeviceInfo>} */ (device); // not everywhere
  const facing = getCapabilities?.call(device).facingMode;
  return facing?.length ? facing.includes("user") : FRONT.test(device.label);
}
