/** Opens the rear camera, and says in plain words why it cannot. */

/** What getUserMedia and phones know beyond the standard's types. */
/** @typedef {MediaTrackCapabilities & {torch?: boolean, focusMode?: string[]}} Extras */

/**
 * The rear camera at a size that labels need; rejects with the browser's own error.
 * @returns {Promise<MediaStream>}
 */
export async function openRearCamera() {
  if (!navigator.mediaDevices) throw new DOMException("needs https", "SecurityError");
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  if (capabilities(stream).focusMode?.includes("continuous")) {
    await adjust(stream, { focusMode: "continuous" });
  }
  return stream;
}

/** @param {MediaStream} stream */
export function closeCamera(stream) {
  for (const track of stream.getTracks()) track.stop();
}

/** @param {MediaStream} stream */
export function hasTorch(stream) {
  return capabilities(stream).torch === true;
}

/** @param {MediaStream} stream @param {boolean} on @returns {Promise<boolean>} whether it obeyed */
export function setTorch(stream, on) {
  return adjust(stream, { torch: on });
}

/** @type {Record<string, string>} */
const REASONS = {
  SecurityError: "The camera needs https. Take a photo or type the code.",
  NotAllowedError: "The camera is not allowed. Allow it, then tap here, or type the code.",
  NotFoundError: "No camera on this device. Use a scanner or type the code.",
  OverconstrainedError: "No camera on this device. Use a scanner or type the code.",
  NotReadableError: "Another app has the camera. Close it, then tap here.",
};

/**
 * What to do about a camera that did not open.
 * @param {unknown} error @returns {string}
 */
export function cameraAdvice(error) {
  const name = error instanceof DOMException ? error.name : "";
  return REASONS[name] ?? "The camera did not start. Tap here to try again.";
}

/** @param {MediaStream} stream @returns {Extras} */
function capabilities(stream) {
  return stream.getVideoTracks()[0]?.getCapabilities?.() ?? {};
}

/** @param {MediaStream} stream @param {object} setting @returns {Promise<boolean>} */
async function adjust(stream, setting) {
  try {
    await stream.getVideoTracks()[0]?.applyConstraints({ advanced: [setting] });
    return true;
  } catch {
    return false; // some phones list what they then refuse
  }
}
