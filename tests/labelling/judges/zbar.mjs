// ZBar over many grey pictures: stdin is one line of [[width, height], ...], then all their pixels;
// stdout is one list of texts for each picture.
import { buffer } from "node:stream/consumers";
import { stdin, stdout } from "node:process";
import { scanGrayBuffer } from "@undecaf/zbar-wasm";

const input = await buffer(stdin);
const end = input.indexOf("\n");
let at = end + 1;
const found = [];
for (const [width, height] of JSON.parse(input.toString("utf8", 0, end))) {
  const pixels = Uint8Array.from(input.subarray(at, at + width * height));
  at += width * height;
  const symbols = await scanGrayBuffer(pixels.buffer, width, height);
  found.push(symbols.map((symbol) => symbol.decode()));
}
stdout.write(JSON.stringify(found));
