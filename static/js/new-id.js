/** Makes the id of one intended write: sent again, it is still the same write. */

/** @returns {string} a random UUID, also where `randomUUID` is refused for want of https */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * The id of one of several writes that were meant as one: the action's, counted up from 1 in its
 * last 12 digits, as the server does.
 * @param {string} action @param {number} index @returns {string}
 */
export function derivedId(action, index) {
  const last = (BigInt(`0x${action.slice(-12)}`) + BigInt(index + 1)) & 0xffff_ffff_ffffn;
  return `${action.slice(0, -12)}${last.toString(16).padStart(12, "0")}`;
}
