/** What a sign-in badge looks like: such a text is shown, kept and sent nowhere but to the sign-in. */

// A torn read is treated like a whole badge: half a secret is one too. As in domain/badges.py.
const BADGE = /SSB1[-\s]?[A-Z2-7]{6}/i;

/** @param {string} text @returns {boolean} */
export function isBadge(text) {
  return BADGE.test(text);
}
