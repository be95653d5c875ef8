// The pictures of docs/studio.md, from a lawyer's afternoon: `npm run pictures`, after `npm test` with
// PICTURES. They are made small by ImageMagick, which has to be there.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const from = process.env.PICTURES;
if (!from) throw new Error("PICTURES names the folder that `npm test` wrote to");
const to = join(dirname(fileURLToPath(import.meta.url)), "..", "docs", "pictures");
mkdirSync(to, { recursive: true });
for (const [own, name] of [
  ["2-law", "studio-rule"],
  ["4-flips", "studio-effects"],
]) {
  execFileSync("convert", [join(from, `${own}.png`), "-strip", "+dither", "-colors", "48", "-depth", "8", `PNG8:${join(to, `${name}.png`)}`]);
}
