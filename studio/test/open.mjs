// A copy of the sample, `fanshi studio` on it, and a browser that may ask nobody else.
import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const repository = join(here, "..", "..");

/** The program: `FANSHI`, or what `cargo test --test studio` leaves. */
export const program = process.env.FANSHI ?? join(repository, "target", "debug", "fanshi");
/** The browser: `CHROMIUM`, or the system's. */
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
/** Where pictures go. */
export const pictures = process.env.PICTURES ?? join(tmpdir(), "fanshi-studio-pictures");
mkdirSync(pictures, { recursive: true });

/** Why these tests cannot run here; nothing where they can. */
export const missing = [program, browserPath].filter((path) => !existsSync(path)).map((path) => `there is no ${path}`).join(", ");

/** A copy of folders of the repository. */
export function copy(...folders) {
  const root = mkdtempSync(join(tmpdir(), "fanshi-studio-"));
  for (const folder of folders) cpSync(join(repository, folder), join(root, folder), { recursive: true });
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** Starts the program; its address is what it prints. */
export function start(project, ...more) {
  const child = spawn(program, ["studio", project, "--no-open", "--lang", "zh", ...more], { stdio: ["ignore", "pipe", "pipe"] });
  return new Promise((resolve, reject) => {
    let told = "";
    child.stdout.on("data", (data) => {
      told += data;
      if (told.includes("\n")) resolve({ address: told.trim(), stop: () => child.kill() });
    });
    child.on("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
}

/** A browser, with a page on the program, and everything it asked and complained of. */
export async function browse(address, { width = 1280, height = 860, ...more } = {}) {
  const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"] });
  const context = await browser.newContext({ viewport: { width, height }, ...more });
  const page = await context.newPage();
  const own = new URL(address).host;
  const asked = [];
  const wrong = [];
  await context.route("**/*", (route) => {
    const url = new URL(route.request().url());
    asked.push(url.href);
    // A page that is built and not yet in the program: `PAGE=dist npm test`.
    const part = process.env.PAGE === "dist" && url.pathname.match(/\/(studio\.(?:js|css))$/);
    if (part) return route.fulfill({ path: join(here, "..", "dist", part[1]) });
    return url.host === own || url.protocol === "data:" || url.protocol === "blob:" ? route.continue() : route.abort();
  });
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(String(error.stack)));
  await page.goto(address);
  await page.waitForSelector("body[data-ready]", { timeout: 60_000 });
  return {
    browser,
    context,
    page,
    wrong,
    elsewhere: () => asked.filter((url) => new URL(url).host !== own && !/^(data|blob):/.test(url)),
    picture: (name) => page.screenshot({ path: join(pictures, `${name}.png`) }),
    /** The text of the editor. */
    text: () => page.evaluate(() => document.querySelector(".cm-content").cmTile.root.view.state.sliceDoc()),
  };
}
