/** Looks at one photo, longer and harder than at a frame of the camera. */
import { decode } from "./decoder.js";
import { PHOTO_LOOKS } from "./looks.js";

const LARGEST_PX = 64_000_000; // four bytes each: more would end the page on many phones
const SENT_SIDE_PX = 2400;

/**
 * The picture in the file; rejects with a sentence for the person.
 * @param {File} photo @returns {Promise<ImageBitmap>}
 */
export async function openPhoto(photo) {
  const { width, height } = await sizeOf(photo);
  const megapixels = Math.round((width * height) / 1_000_000);
  if (width * height > LARGEST_PX) {
    throw new Error(`This photo has ${megapixels} megapixels. Take one at normal size.`);
  }
  return createImageBitmap(photo).catch(() => {
    throw new Error("This photo is too large for this phone. Take one at normal size.");
  });
}

/** @param {ImageBitmap} whole @returns {Promise<{text: string, format: string} | null>} */
export async function readPhoto(whole) {
  for (const { side_px, looks } of PHOTO_LOOKS) {
    const picture = await shrunk(whole, side_px);
    const all = new DOMRectReadOnly(0, 0, picture.width, picture.height);
    for (const look of looks) {
      const { text, format = "" } = await decode(picture, all, look);
      if (text) return { text, format };
    }
  }
  return null;
}

/**
 * The photo at a size that holds any label it shows and travels fast, as a file input takes it.
 * @param {ImageBitmap} whole @returns {Promise<FileList>}
 */
export async function smallerCopy(whole) {
  const picture = await shrunk(whole, SENT_SIDE_PX);
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.drawImage(picture, 0, 0);
  const copy = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.9));
  if (!copy) throw new Error("This photo cannot be sent. Type the code.");
  const bag = new DataTransfer();
  bag.items.add(new File([copy], "photo.jpg", { type: "image/jpeg" }));
  return bag.files;
}

/** @param {ImageBitmap} picture @param {number} side_px @returns {Promise<ImageBitmap>} */
async function shrunk(picture, side_px) {
  const scale = side_px / Math.max(picture.width, picture.height);
  if (scale >= 1) return picture;
  return createImageBitmap(picture, {
    resizeWidth: Math.round(picture.width * scale),
    resizeHeight: Math.round(picture.height * scale),
    resizeQuality: "medium",
  });
}

/**
 * Asked before the photo is unpacked.
 * @param {File} photo @returns {Promise<{width: number, height: number}>} in pixels
 */
async function sizeOf(photo) {
  const address = URL.createObjectURL(photo);
  const image = new Image();
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new Error(cannotOpen(photo)));
      image.src = address;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** @param {File} photo @returns {string} */
function cannotOpen(photo) {
  if (/hei[cf]/i.test(photo.type + photo.name)) {
    return "This browser cannot open HEIC photos. Take the photo here, or choose a JPEG.";
  }
  return "This file is not a photo. Take one here, or choose a JPEG or PNG.";
}
