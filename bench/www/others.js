/** Worker: other people's decoders, each with the settings its documentation recommends. */
/* global OffscreenCanvas, performance, self */
import "/node_modules/jsqr/dist/jsQR.js";
import "/node_modules/@zxing/library/umd/index.min.js";
import {
  scanImageData, ZBarConfigType, ZBarScanner, ZBarSymbolType,
} from "/node_modules/@undecaf/zbar-wasm/dist/index.mjs";

const { jsQR, ZXing } = self;
let scanner;

/** Texts of what a decoder sees; zbar and jsQR know no Data Matrix. */
const READERS = {
  async zbar(pixels) {
    scanner ??= await zbarForOurs();
    return (await scanImageData(pixels, scanner)).map((symbol) => symbol.decode());
  },
  jsqr({ data, width, height }) {
    const found = jsQR(data, width, height);
    return found?.data ? [found.data] : [];
  },
  zxing_js({ data, width, height }) {
    const grey = new Uint8ClampedArray(width * height);
    for (let at = 0; at < grey.length; at++) {
      const from = at * 4;
      grey[at] = (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
    }
    const source = new ZXing.RGBLuminanceSource(grey, width, height);
    const bitmap = new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(source));
    try {
      return [zxingReader().decode(bitmap).getText()];
    } catch {
      return [];
    }
  },
};

/** QR and Code 128 only: with all its symbologies it is slower and reads things that are not there. */
async function zbarForOurs() {
  const scanner = await ZBarScanner.create();
  const on = ZBarConfigType.ZBAR_CFG_ENABLE;
  scanner.setConfig(ZBarSymbolType.ZBAR_NONE, on, 0);
  scanner.setConfig(ZBarSymbolType.ZBAR_QRCODE, on, 1);
  scanner.setConfig(ZBarSymbolType.ZBAR_CODE128, on, 1);
  return scanner;
}

function zxingReader() {
  const { BarcodeFormat, DecodeHintType, MultiFormatReader } = ZXing;
  const { QR_CODE, CODE_128, DATA_MATRIX } = BarcodeFormat;
  const reader = new MultiFormatReader();
  reader.setHints(new Map([
    [DecodeHintType.POSSIBLE_FORMATS, [QR_CODE, CODE_128, DATA_MATRIX]],
    [DecodeHintType.TRY_HARDER, true],
  ]));
  return reader;
}

self.onmessage = async ({ data: { reader, image } }) => {
  try {
    const started = performance.now();
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d", {
      willReadFrequently: true,
    });
    pen.drawImage(image, 0, 0);
    image.close();
    const pixels = pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height);
    const texts = await READERS[reader](pixels);
    self.postMessage({ texts, ms: performance.now() - started });
  } catch (error) {
    self.postMessage({ problem: String(error) });
  }
};
