// A file for a Zebra printer as pictures: stdin is {zpl, width_mm, height_mm, dots_per_mm};
// stdout is one PNG in base64 for each label.
import { text } from "node:stream/consumers";
import { stdin, stdout } from "node:process";
import { ready } from "zpl-renderer-js";

const { zpl, width_mm, height_mm, dots_per_mm } = JSON.parse(await text(stdin));
const { api } = await ready;
const pngs = await api.zplToBase64MultipleAsync(zpl, width_mm, height_mm, dots_per_mm);
stdout.write(JSON.stringify(pngs));
