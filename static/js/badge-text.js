/** What a sign-in badge looks like: such a text is shown, kept and sent nowhere but to the sign-in. */

// A torn read and one in another keyboard layout are treated like a whole badge: they hold the
// secret too. As in domain/badges.py.
const BADGE = /SSB1[^A-Z2-7]?[A-Z2-7]{6}|(?:^|[^A-Z0-9])SSB.{0,2}\S{20}/iu;

/** @param {string} text @returns {boolean} */
export function isBadge(text) {
  return BADGE.test(text);
}
