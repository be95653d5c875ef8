// Builds dist/ from src/. `node build.mjs --check` says whether dist/ is what src/ comes to.
import { build } from "esbuild";
import { existsSync, readFileSync, readdirSync, writeFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...parts) => join(here, ...parts);
const read = (path) => readFileSync(path, "utf8");

const built = await build({
  absWorkingDir: here,
  entryPoints: { studio: "src/main.js" },
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  metafile: true,
  write: false,
  outdir: "dist",
  charset: "utf8",
});
const style = await build({
  absWorkingDir: here,
  entryPoints: { studio: "src/studio.css" },
  minify: true,
  write: false,
  outdir: "dist",
  charset: "utf8",
});

// What of others is in the script, with its licence: each package once, in the order of names.
const packages = new Set();
for (const input of Object.keys(built.metafile.inputs)) {
  const found = input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//);
  if (found) packages.add(found[1]);
}
const licence = (name) => {
  const { version, license, homepage, repository } = JSON.parse(read(at("node_modules", name, "package.json")));
  const file = readdirSync(at("node_modules", name)).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${name} comes without its licence`);
  const from = homepage ?? repository?.url ?? "";
  return `${name} ${version} (${license}) ${from}\n\n${read(at("node_modules", name, file)).trim()}\n`;
};
const licences = [...packages].sort().map(licence).join(`\n${"-".repeat(80)}\n\n`);

// What it was built from: `cargo test --test studio` sees that it is what stands there now.
const sum = (bytes) => {
  let hash = 0xcbf29ce484222325n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return hash.toString(16).padStart(16, "0");
};
const sources = ["index.html", "package-lock.json", "build.mjs", ...readdirSync(at("src")).sort().map((name) => `src/${name}`)];

const made = {
  SOURCES: sources.map((name) => `${sum(readFileSync(at(name)))} ${name}\n`).join(""),
  "index.html": read(at("index.html")),
  "studio.js": built.outputFiles[0].text,
  "studio.css": style.outputFiles[0].text,
  "LICENCES.txt": `studio.js is made of the sources of fanshi studio and of these packages.\n\n${licences}`,
};
const check = process.argv.includes("--check");
mkdirSync(at("dist"), { recursive: true });
for (const [name, text] of Object.entries(made)) {
  const path = at("dist", name);
  const is = existsSync(path) && read(path) === text;
  if (check && !is) {
    console.error(`dist/${name} is not what src/ comes to: npm run build`);
    process.exitCode = 1;
  }
  if (!check) writeFileSync(path, text);
  console.log(`${name} ${Buffer.byteLength(text)} bytes`);
}
