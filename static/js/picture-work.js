/** Work on a grey picture that lets the decoder read what blur, noise or light hide from it. */

// A Uint8ClampedArray; as such tsc would have each of its indices checked for being out of range.
/** @typedef {any} Bytes */
/** @typedef {{grey: Bytes, width: number, height: number}} Picture */
/** @typedef {"squash" | "sharp" | "calm" | "dark"} Work */

const SQUASHED_ROWS = 8;
const SHARPNESS = 2;

/** @type {Record<Work, (picture: Picture) => Picture>} */
const WORKS = {
  /** Rows averaged by eights: upright bars keep their edges and lose the noise. */
  squash({ grey, width, height }) {
    if (height < SQUASHED_ROWS) return { grey, width, height };
    const rows = Math.floor(height / SQUASHED_ROWS);
    const squashed = new Uint8ClampedArray(width * rows);
    /** @type {Bytes} */
    const sums = new Uint16Array(width);
    for (let row = 0; row < rows; row++) {
      sums.fill(0);
      let at = row * SQUASHED_ROWS * width;
      for (let line = 0; line < SQUASHED_ROWS; line++) {
        for (let x = 0; x < width; x++) sums[x] += grey[at++];
      }
      for (let x = 0; x < width; x++) squashed[row * width + x] = sums[x] / SQUASHED_ROWS;
    }
    return widened({ grey: squashed, width, height: rows });
  },

  /** Edges raised over their surroundings: against blur. */
  sharp(picture) {
    const around = averaged(averaged(picture, 2), 2).grey;
    /** @param {number} value @param {number} at */
    const sharper = (value, at) => value + SHARPNESS * (value - around[at]);
    return { ...picture, grey: picture.grey.map(sharper) };
  },

  /** Each pixel the average of nine: against noise. */
  calm: (picture) => averaged(picture, 1),

  /** Shadows and folds on white go, ink stays. */
  dark(picture) {
    /** @param {number} value */
    const darker = (value) => (value * value) / 255;
    return { ...picture, grey: picture.grey.map(darker) };
  },
};

/** @param {ImageData} pixels @param {Work} work @returns {ImageData} */
export function workedOn(pixels, work) {
  return pixelsOf(WORKS[work](greyOf(pixels)));
}

/** @param {ImageData} pixels @returns {Picture} */
function greyOf({ data: colours, width, height }) {
  /** @type {Bytes} */
  const data = colours;
  const grey = new Uint8ClampedArray(width * height);
  for (let at = 0, from = 0; at < grey.length; at++, from += 4) {
    grey[at] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
  }
  return { grey, width, height };
}

/** @param {Picture} picture @returns {ImageData} */
function pixelsOf({ grey, width, height }) {
  const pixels = new ImageData(width, height);
  const colours = new Uint32Array(pixels.data.buffer);
  for (let at = 0; at < grey.length; at++) colours[at] = 0xff000000 | (grey[at] * 0x010101);
  return pixels;
}

/** Twice as wide: thin bars come out better. @param {Picture} picture @returns {Picture} */
function widened({ grey, width, height }) {
  const wide = new Uint8ClampedArray(grey.length * 2);
  for (let at = 0; at < grey.length; at++) {
    wide[2 * at] = grey[at];
    wide[2 * at + 1] = (grey[at] + (grey[at + 1] ?? grey[at])) / 2;
  }
  return { grey: wide, width: 2 * width, height };
}

/**
 * Each pixel the average of the square around it, `2 * reach + 1` wide.
 * @param {Picture} picture @param {number} reach @returns {Picture}
 */
function averaged({ grey, width, height }, reach) {
  const across = new Uint8ClampedArray(grey.length);
  const down = new Uint8ClampedArray(grey.length);
  for (let y = 0; y < height; y++) averageLine(grey, across, y * width, 1, width, reach);
  for (let x = 0; x < width; x++) averageLine(across, down, x, width, height, reach);
  return { grey: down, width, height };
}

/**
 * One row or column: `count` pixels from `start`, each `step` after the one before.
 * @param {Bytes} from @param {Bytes} to
 * @param {number} start @param {number} step @param {number} count @param {number} reach
 */
function averageLine(from, to, start, step, count, reach) {
  const size = 2 * reach + 1;
  const last = start + (count - 1) * step;
  let sum = from[start] * (reach + 1);
  for (let n = 1; n <= reach; n++) sum += from[Math.min(last, start + n * step)];
  for (let at = start; at <= last; at += step) {
    to[at] = sum / size;
    sum += from[Math.min(last, at + (reach + 1) * step)] - from[Math.max(start, at - reach * step)];
  }
}
