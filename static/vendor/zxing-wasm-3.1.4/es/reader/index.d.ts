/** The part of zxing-wasm 3.1.4 (reader) that we call. */
export interface ReaderOptions {
  formats?: string[];
  tryHarder?: boolean;
  tryRotate?: boolean;
  tryInvert?: boolean;
  tryDownscale?: boolean;
  binarizer?: "LocalAverage" | "GlobalHistogram";
  maxNumberOfSymbols?: number;
  textMode?: "Plain" | "ECI" | "HRI" | "Escaped" | "Hex" | "HexECI";
}

export interface ReadResult {
  isValid: boolean;
  text: string;
  bytes: Uint8Array;
  format: string;
  contentType: string;
  symbologyIdentifier: string;
}

export function prepareZXingModule(options: {
  overrides: { locateFile: (path: string, prefix: string) => string };
  fireImmediately: boolean;
}): Promise<unknown>;

export function readBarcodes(input: ImageData, options?: ReaderOptions): Promise<ReadResult[]>;
