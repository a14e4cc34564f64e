/** Reads a scanned string as the server does: the label code in it, and how it is compared. */

const ALPHABET = "0123456789BCDFGHJKMNPQRSTVWXZ"; // no vowels, no look-alikes of digits
const CODE_LENGTH = 7;
const LONGEST = 512;
const GTIN_LENGTHS = new Set([8, 12, 13, 14]);

const ADDRESS = /^(?:[a-z][a-z0-9+.-]*:\/\/)?[^\s/?#]+\/(?:[^\s?#]*\/)?S\/([^/?#]+)\/?(?:[?#].*)?$/i;
const AIM_PREFIX = /^\][A-Za-z][0-9A-Za-z]/;
// eslint-disable-next-line no-control-regex -- readers and pages add them
const INVISIBLE = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const AROUND = /^[\s~;]+|[\s~;]+$/g;
const DASHES = /[\s\-\u2010-\u2015_.]/g;
/** A GTIN at the beginning of GS1 data, as every box of a maker has it. */
const GS1_GTIN = /^(?:\(01\)|01)(\d{14})/;

/**
 * What was scanned, without what readers put around it; the label code in it, if there is one; and
 * the spellings by which it may be known.
 * @param {string} raw @returns {{text: string, code: string | null, spellings: string[]}}
 */
export function readCode(raw) {
  const text = plain(raw.slice(0, LONGEST));
  const code = codeIn(text);
  const gtin = GS1_GTIN.exec(text)?.[1];
  const spellings = [text, gtin ?? ""].filter(Boolean).map(spelling);
  return { text, code, spellings };
}

/** The one spelling under which anything but a label code is known. @param {string} text */
export function spelling(text) {
  return gtin14(text) ?? text.toLowerCase().toUpperCase();
}

/**
 * The canonical 7 characters if the text can be read as a label code.
 * @param {string} text @returns {string | null}
 */
export function asCode(text) {
  const squeezed = text.replace(DASHES, "");
  // Asked before the case is changed: some foreign letters have a Latin capital.
  if (!/^[\x21-\x7e]{7}$/.test(squeezed)) return null;
  const code = squeezed.toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
  const body = code.slice(0, CODE_LENGTH - 1);
  if ([...code].some((sign) => !ALPHABET.includes(sign))) return null;
  return code.endsWith(checkCharacter(body)) ? code : null;
}

/** The weighted check over the first six, modulo 29. @param {string} body */
function checkCharacter(body) {
  const total = [...body].reduce((sum, sign, at) => sum + (at + 2) * ALPHABET.indexOf(sign), 0);
  return ALPHABET.charAt((ALPHABET.length - (total % ALPHABET.length)) % ALPHABET.length);
}

/** @param {string} raw */
function plain(raw) {
  let text = raw.replace(INVISIBLE, "").replace(AROUND, "");
  for (;;) {
    const bare = text.replace(/^\*([^*]+)\*$/, "$1").replace(AIM_PREFIX, "").replace(AROUND, "");
    if (bare === text) return text;
    text = bare;
  }
}

/** @param {string} text @returns {string | null} */
function codeIn(text) {
  const once = decoded(text);
  for (const spelled of new Set([text, once, decoded(once)])) {
    const address = ADDRESS.exec(spelled)?.[1];
    const code = asCode(address ? decoded(address) : spelled);
    if (code) return code;
  }
  return null;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The number as GTIN-14, if its check digit is true. @param {string} text */
function gtin14(text) {
  if (!/^\d+$/.test(text) || !GTIN_LENGTHS.has(text.length) || /^0+$/.test(text)) return null;
  const digits = [...text].reverse().map(Number);
  const total = digits.reduce((sum, digit, at) => sum + digit * (at % 2 ? 3 : 1), 0);
  return total % 10 === 0 ? text.padStart(14, "0") : null;
}
