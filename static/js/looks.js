/** The ways of looking at a picture: which part, turned how, after what work on it, and when. */

/**
 * One way of looking; `{}` is the plain one, at all formats.
 * @typedef {object} Look
 * @property {"bars" | "strong" | "code128"} [only] the formats that are looked for; after work on
 *   the picture never those whose check digit is weak, since work can make a false read
 * @property {number[]} [tilts_deg] turned by each of these, one after the other; level by default
 * @property {number} [share] only the middle, this share of each side
 * @property {number} [scale] drawn larger first
 * @property {boolean} [invert] also light codes on dark ground
 * @property {boolean} [global] one threshold between dark and light for the whole picture
 * @property {"squash" | "sharp" | "calm" | "dark"} [work] see picture-work.js
 */

const PLAIN = {};
// Bars are read up to about 12 degrees off level or upright; squares stand as they like.
/** @type {Look} */
const SLANTED = { only: "bars", tilts_deg: [22.5, 67.5] };
/** @type {Look} */
const DIAGONAL = { only: "bars", tilts_deg: [45] };
const NEAR = { share: 0.5, scale: 2 }; // a small or distant label, held in the middle
const LIGHT_ON_DARK = { share: 0.67, invert: true };

// None takes much longer than the plain one.
/** @type {Look[]} */
const QUICK = [PLAIN, SLANTED, PLAIN, NEAR, PLAIN, DIAGONAL, PLAIN, LIGHT_ON_DARK];

const [STEEP, FLAT] = [[0, 90, 45, 135], [22.5, 112.5, 67.5, 157.5]];

// What blur, noise, folds and odd print need.
/** @type {Look[]} */
const HARD = [
  { only: "code128", work: "squash", tilts_deg: STEEP },
  { only: "strong", work: "sharp", ...NEAR },
  { only: "strong", work: "calm" },
  { only: "code128", work: "squash", tilts_deg: FLAT },
  { only: "strong", global: true, ...NEAR },
  { only: "strong", work: "dark", tilts_deg: [180], global: true, ...NEAR },
];
const PATIENCE_MS = 1000;

/**
 * How to look at the next frame of the camera.
 * @param {number} number of the look, from 0
 * @param {number} unread_ms how long nothing was read
 * @returns {Look}
 */
export function frameLook(number, unread_ms) {
  if (unread_ms < PATIENCE_MS) return turnOf(QUICK, number);
  const third = Math.floor(number / 3);
  return number % 3 === 2 ? turnOf(HARD, third) : turnOf(QUICK, number - third);
}

/** @param {Look[]} looks @param {number} number @returns {Look} */
function turnOf(looks, number) {
  return looks[number % looks.length] ?? PLAIN;
}

/**
 * How to look at a photo, one after the other: large for fine codes, then small for bad ones.
 * @type {{side_px: number, looks: Look[]}[]}
 */
export const PHOTO_LOOKS = [
  { side_px: 2400, looks: [{ invert: true }, SLANTED, DIAGONAL] },
  {
    side_px: 1000,
    looks: [
      { invert: true },
      { scale: 2 },
      SLANTED,
      DIAGONAL,
      ...HARD.map((look) => ({ ...look, share: 1 })),
      { only: "strong", scale: 3, work: "dark", invert: true },
    ],
  },
];
