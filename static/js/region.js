/** Which part of a camera frame is worth decoding: what the person sees, and a little more. */

/**
 * The region of the frame, in its own pixels, that `object-fit: cover` shows in the element, grown
 * to at least the frame's shorter side each way: a label just outside a narrow strip still reads.
 * @param {{width: number, height: number}} frame
 * @param {{width: number, height: number}} box
 * @returns {DOMRectReadOnly}
 */
export function regionToRead(frame, box) {
  const scale = Math.max(box.width / frame.width, box.height / frame.height);
  const least = Math.min(frame.width, frame.height);
  const width = Math.round(Math.min(frame.width, Math.max(least, box.width / scale)));
  const height = Math.round(Math.min(frame.height, Math.max(least, box.height / scale)));
  const x = Math.floor((frame.width - width) / 2);
  const y = Math.floor((frame.height - height) / 2);
  return new DOMRectReadOnly(x, y, width, height);
}
