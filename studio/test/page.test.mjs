// The page by keyboard alone, to a screen reader, with hostile names, narrow, in English, printed; two
// pages; files that change meanwhile; the program gone.
import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { browse, copy, missing, pictures, start } from "./open.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const HOSTILE = `<img src=x onerror="document.title='struck'"><script>document.title='struck'</script>\u202e\u0007`;

/** A project of a few books, with names that would do harm where they were taken for markup. */
function books() {
  const { root, remove } = copy();
  const folder = join(root, "books");
  mkdirSync(folder);
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write("fanshi.toml", `[project]\nname = ${JSON.stringify(`馆${HOSTILE}`).replace(/\\u0007|\u0007/, "").replace("\u202e", "")}\nas_of = 2015-11-20\npolicies = ["library.fan"]\n\n[data]\nbook = "books.csv"\n`);
  write(
    "library.fan",
    "# 馆规：<b>试</b>。\n\n政策 馆规 | library\n\n表 书 | book {\n  号 | code : 文本 主键\n  名 | name : 文本 名称\n  页 | pages : 整数\n}\n\n# 太厚的书不借。\n第一条 厚 | thick\n  凡 书，页 不得 超过 500。\n\n第二条 薄 | thin\n  凡 书，页 必须 不少于 10。\n".replace(" 名称\n", "\n"),
  );
  write("books.csv", `号,名,页\n甲,甲书,90\n"${HOSTILE.replaceAll('"', '""')}","${HOSTILE.replaceAll('"', '""')}",610\n丙,丙书,4\n`);
  return { root: folder, remove, policy: join(folder, "library.fan") };
}

async function opened(t, { prepare, ...more } = {}) {
  const { root, remove, policy } = books();
  t.after(remove);
  prepare?.(root);
  const studio = await start(root);
  t.after(studio.stop);
  const all = await browse(studio.address, more);
  t.after(() => all.browser.close());
  if (!prepare) await all.page.waitForSelector("#results .rule, #results .row", { state: "attached" });
  return { ...all, root, policy, studio };
}

const focused = (page) => page.evaluate(() => document.activeElement.closest("section, header, dialog")?.id || document.activeElement.tagName);
const options = { skip: missing || false, timeout: 180_000 };

test("names that would do harm are only shown", options, async (t) => {
  const { page, wrong, elsewhere } = await opened(t);
  await page.locator("#results .rule").first().click();
  await page.waitForSelector("#results .row.violated");
  const shown = await page.locator("#results").innerText();
  assert.match(shown, /<img src=x onerror/);
  assert.match(shown, /⟨U\+202E⟩/);
  await page.locator("#results .row button.open").first().click();
  await page.waitForSelector("#results .entry");
  for (const tab of ["cases", "flips", "mistakes", "changes", "glance"]) await page.locator(`#tab-${tab}`).click();
  await page.waitForTimeout(500);
  assert.doesNotMatch(await page.title(), /^struck/);
  assert.equal(await page.locator("main img:not(.cm-widgetBuffer), main script, main b:has-text('试')").count(), 0);
  assert.deepEqual(elsewhere(), []);
  assert.deepEqual(wrong, []);
});

test("everything is reached by keyboard alone", options, async (t) => {
  const { page, policy, text } = await opened(t);
  const press = (...keys) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve());
  // F6 goes round the four parts, and back.
  const seen = [];
  for (let at = 0; at < 4; at += 1) {
    await press("F6");
    seen.push(await focused(page));
  }
  assert.deepEqual([...seen].sort(), ["below", "results", "rule", "source"]);
  await press("Shift+F6");
  while ((await focused(page)) !== "rule") await press("F6");
  // To the second rule, its number changed, the effect heard.
  await press("Control+Home", "Alt+ArrowDown", "Alt+ArrowDown");
  await page.waitForFunction(() => document.querySelector("#results .trail").textContent.includes("薄"));
  await press("Control+End");
  for (let at = 0; at < 4; at += 1) await press("ArrowLeft");
  while (!(await page.evaluate(() => document.querySelector(".cm-content").cmTile.root.view.state.sliceDoc().slice(document.querySelector(".cm-content").cmTile.root.view.state.selection.main.head).startsWith("10。")))) await press("ArrowLeft");
  await press("Delete");
  await page.keyboard.type("9");
  await page.waitForFunction(() => /90。/.test(document.querySelector(".cm-content").textContent));
  await press("ArrowRight");
  await page.keyboard.type("1");
  assert.match(await text(), /不少于 901。/);
  await page.waitForFunction(() => /行、0 个案例/.test(document.querySelector(".head [role=status]").textContent), null, { timeout: 20_000 });
  // To the rows, into one, and a case made of it.
  await press("F6");
  assert.equal(await focused(page), "results");
  await page.waitForSelector("#results .row");
  await page.locator("#results .row button.open").first().focus();
  await press("ArrowDown", "Enter");
  await page.waitForSelector("#results .entry");
  await press("Escape");
  await page.waitForSelector("#results .row");
  assert.equal(await focused(page), "results");
  await press("Tab");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /做成案例/);
  await press("Enter");
  await page.waitForSelector("dialog .main:focus");
  await press("Enter");
  await page.waitForSelector("#below .form");
  // The tabs below by arrows.
  await page.locator("#below [role=tab][aria-selected=true]").focus();
  await press("ArrowRight");
  assert.equal(await page.evaluate(() => document.activeElement.id), "tab-flips");
  await press("Control+s");
  await page.waitForFunction(() => !document.querySelector(".unsaved").textContent);
  assert.match(readFileSync(policy, "utf8"), /不少于 901。/);
  await press("F1");
  await page.waitForSelector("dialog kbd");
  await press("Escape");
  await page.waitForSelector("dialog", { state: "detached" });
});

test("a screen reader is told what there is", options, async (t) => {
  for (const width of [1280, 390]) {
    const { page } = await opened(t, { width, height: 844 });
    await page.waitForTimeout(600);
    for (const tab of ["cases", "glance", "mistakes"]) {
      if (width === 390) await page.locator(".parts [data-part=below]").click();
      await page.locator(`#tab-${tab}`).click();
      await page.waitForTimeout(300);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] }));
      const broken = found.violations.map((one) => `${one.id}: ${one.help} ${one.nodes.map((node) => node.html.slice(0, 160)).join(" | ")}`);
      assert.deepEqual(broken, [], `${width} ${tab}`);
    }
    const tree = await page.locator("body").ariaSnapshot();
    for (const name of ["main", "status", "tablist"]) assert.match(tree, new RegExp(name), tree);
  }
});

test("on a narrow page one part is seen at a time, and nothing sticks out", options, async (t) => {
  for (const width of [390, 768, 1280]) {
    const { page, picture } = await opened(t, { width, height: 844 });
    for (const part of width < 990 ? ["source", "rule", "results", "below"] : ["rule"]) {
      if (width < 990) await page.locator(`.parts [data-part=${part}]`).click();
      await page.waitForTimeout(250);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${part} at ${width}: ${wide} too wide`);
      await picture(`narrow-${width}-${part}`);
    }
  }
});

test("in English, and printed", options, async (t) => {
  const { page, picture } = await opened(t);
  await page.locator("header button", { hasText: "English" }).click();
  await page.waitForSelector("body[data-ready]");
  await page.waitForSelector("#results .rule, #results .row");
  const shown = await page.locator("body").innerText();
  for (const word of ["Save", "Official text", "Cases", "At a glance"]) assert.match(shown, new RegExp(word));
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await page.locator("#results .rule").first().click();
  await page.waitForSelector("#results .sum");
  assert.equal(await page.locator("#results .sum").innerText(), "violated 1, satisfied 2");
  await picture("english");
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print" });
  await page.screenshot({ path: join(pictures, "printed.png"), fullPage: true });
  assert.match(await page.locator(".printed").innerText(), /第一条 厚/);
});

test("of two pages one writes", options, async (t) => {
  const { page, context, studio, text, root } = await opened(t);
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n# 甲");
  await page.waitForTimeout(600);
  const second = await context.newPage();
  await second.goto(studio.address);
  await second.waitForSelector("body[data-ready]");
  await second.waitForSelector(".state button");
  assert.match(await second.locator(".state").innerText(), /只能看/);
  assert.match(await second.locator(".cm-content").innerText(), /# 甲/);
  await second.locator(".cm-content").focus();
  await second.keyboard.type("不行");
  assert.doesNotMatch(await second.locator(".cm-content").innerText(), /不行/);
  await second.locator(".state button").click();
  await second.waitForFunction(() => !document.querySelector(".state button"));
  await page.waitForSelector(".state button");
  await second.locator(".cm-content").focus();
  await second.keyboard.press("Control+End");
  await second.keyboard.type("乙");
  await second.waitForTimeout(600);
  await second.keyboard.press("Control+s");
  await second.waitForFunction(() => !document.querySelector(".unsaved").textContent);
  assert.match(readFileSync(join(root, "library.fan"), "utf8"), /# 甲乙/);
  // The first is free to write again when the second goes.
  await second.close();
  await page.waitForFunction(() => !document.querySelector(".state button"));
  assert.match(await text(), /# 甲乙/);
});

test("what changes elsewhere is read, or asked about", options, async (t) => {
  const { page, policy, picture, text } = await opened(t);
  appendFileSync(policy, "\n# 外面一\n");
  await page.waitForFunction(() => /外面一/.test(document.querySelector(".cm-content").textContent), null, { timeout: 20_000 });
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.type("# 里面\n");
  await page.waitForTimeout(400);
  appendFileSync(policy, "\n# 外面二\n");
  await page.waitForSelector(".notice.wrong", { timeout: 20_000 });
  await picture("conflict");
  await page.keyboard.press("Control+s");
  await page.waitForTimeout(600);
  assert.doesNotMatch(readFileSync(policy, "utf8"), /里面/);
  await page.locator(".notice.wrong button").last().click();
  assert.equal(await page.locator(".head [role=status]").innerText(), "");
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => !document.querySelector(".unsaved").textContent);
  assert.equal(readFileSync(policy, "utf8"), await text());
  assert.match(readFileSync(policy, "utf8"), /里面/);
  // Where what stands outside is taken, nothing is left unsaved, and nothing says so.
  await page.keyboard.type("# 又一次\n");
  await page.waitForTimeout(400);
  appendFileSync(policy, "\n# 外面三\n");
  await page.waitForSelector(".notice.wrong", { timeout: 20_000 });
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => /没有保存/.test(document.querySelector(".head [role=status]").textContent));
  await page.locator(".notice.wrong button").first().click();
  await page.waitForTimeout(600);
  assert.doesNotMatch(await page.locator(".head").innerText(), /没有保存|未保存/);
  assert.equal(await text(), readFileSync(policy, "utf8"));
});

test("where the program has ended, what was typed can be kept", options, async (t) => {
  const { page, studio, wrong } = await opened(t);
  await page.locator(".cm-content").focus();
  await page.keyboard.type("# 没有保存\n");
  await page.waitForTimeout(400);
  studio.stop();
  await page.waitForSelector(".notice a[download]", { timeout: 20_000 });
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator(".notice a[download]").click()]);
  assert.match(readFileSync(await download.path(), "utf8"), /没有保存/);
  assert.ok(wrong.every((one) => /ERR_CONNECTION_REFUSED|WebSocket/.test(one)), wrong.join("\n"));
});

const CASES = `as_of = 2015-11-20

[[case]]
name = "一"
"书" = [{ "号" = "丁", "名" = "丁书", "页" = 420 }]
expect = [{ "书" = "丁", article = "第一条", outcome = "满足" }, { "书" = "丁", article = "第二条", outcome = "满足" }]
`;
const withCases = (root) => writeFileSync(join(root, "library.cases.toml"), CASES);

test("what is typed into a case is TOML, whatever it is", options, async (t) => {
  const { page, text } = await opened(t, { prepare: withCases });
  await page.locator("#below [data-key=case-0]").click();
  const cell = (name) => page.locator("#below label.field", { hasText: name }).locator("input");
  await page.locator("#file").selectOption("library.cases.toml");
  await page.waitForFunction(() => /420/.test(document.querySelector(".cm-content").textContent));
  await page.locator("#below [data-key=case-0]").click();
  const written = async (name, typed, line) => {
    // A form that was just drawn anew has another cell of this name.
    do await cell(name).fill(typed);
    while ((await cell(name).inputValue()) !== typed);
    await cell(name).press("Tab");
    await page.waitForFunction((line) => document.querySelector(".cm-content").textContent.includes(line), line, { timeout: 20_000 });
  };
  await written("页", "1,200", '"页" = "1,200" }');
  await written("名", '甲"书\\', '"名" = "甲\\"书\\\\", "页" = "1,200" }');
  for (const typed of ["３００", "420 公里", "四百", "007"]) await written("页", typed, `"页" = "${typed}" }`);
  assert.equal(await text(), CASES.replace("420", '"007"').replace('"丁书"', '"甲\\"书\\\\"'));
  // One cell after another, faster than they are judged.
  await cell("名").focus();
  for (const typed of ["乙", "8"]) {
    await page.keyboard.press("Control+a");
    await page.keyboard.type(typed);
    await page.keyboard.press("Tab");
  }
  await page.waitForFunction(() => document.querySelector(".cm-content").textContent.includes('"名" = "乙", "页" = "8" }'), null, { timeout: 20_000 });
  // A text that is no TOML is mended by hand.
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("why = 1,2");
  await page.waitForFunction(() => /不是完整的 TOML/.test(document.querySelector("#below").textContent), null, { timeout: 20_000 });
  assert.equal(await page.locator("#below label.field input:not(:disabled)").count(), 0);
});

test("a case that is new is no effect", options, async (t) => {
  const { page } = await opened(t, { prepare: withCases });
  await page.locator("#file").selectOption("library.cases.toml");
  await page.waitForFunction(() => /420/.test(document.querySelector(".cm-content").textContent));
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.insertText(`\n${CASES.slice(CASES.indexOf("[[case]]")).replace("一", "二")}`);
  await page.waitForFunction(() => /1 个新案例/.test(document.querySelector(".head [role=status]").textContent), null, { timeout: 20_000 });
  await page.locator("#tab-flips").click();
  assert.match(await page.locator("#below-panel").innerText(), /1 个新案例[^]*二[^]*新案例[^]*相符/);
  assert.doesNotMatch(await page.locator("#below-panel").innerText(), /1 个案例的结果/);
});

test("what is wrong is told when a project is opened", options, async (t) => {
  for (const policies of ["[]", '["library.fan', '["gone.fan"]']) {
    const prepare = (root) => writeFileSync(join(root, "fanshi.toml"), `[project]\nname = "馆"\npolicies = ${policies}\n`);
    const { page } = await opened(t, { prepare });
    await page.waitForSelector("#tab-mistakes .count", { timeout: 20_000 });
    await page.locator("#tab-mistakes").click();
    await page.waitForSelector("#below .mistakes li");
  }
});

test("the second page follows the first", options, async (t) => {
  const { page, context, studio, policy } = await opened(t);
  const second = await context.newPage();
  await second.goto(studio.address);
  await second.waitForSelector(".state button");
  await page.bringToFront();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("\n# 跟着看");
  await second.waitForFunction(() => /# 跟着看/.test(document.querySelector(".cm-content").textContent), null, { timeout: 20_000 });
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => !document.querySelector(".unsaved").textContent);
  await second.waitForFunction(() => !document.querySelector(".unsaved").textContent, null, { timeout: 20_000 });
  assert.equal(await second.locator(".notice.wrong").count(), 0);
  assert.match(readFileSync(policy, "utf8"), /# 跟着看/);
  // Another program changes it: the writer and the reader have it.
  appendFileSync(policy, "\n# 外面\n");
  for (const one of [page, second]) await one.waitForFunction(() => /# 外面/.test(document.querySelector(".cm-content").textContent), null, { timeout: 20_000 });
});

test("while no file is open, nothing is typed", options, async (t) => {
  const prepare = (root) => writeFileSync(join(root, "fanshi.toml"), '[project]\nname = "馆"\npolicies = []\n');
  const { page, context, studio } = await opened(t, { prepare });
  const bare = await context.newPage();
  // A page whose first file cannot be read.
  await bare.route("**/ask/text", (route) => route.fulfill({ status: 422, contentType: "application/json", body: '{"refused":"not_text","said":["读不了","unreadable"]}' }));
  await bare.goto(studio.address);
  await bare.waitForSelector("body[data-ready]");
  await bare.waitForSelector("#tab-mistakes .count");
  await bare.locator(".cm-content").focus();
  await bare.keyboard.type("不会留下");
  assert.doesNotMatch(await bare.locator(".cm-content").innerText(), /不会留下/);
  await bare.keyboard.press("Control+s");
  assert.match(await bare.locator(".head [role=status]").innerText(), /没有打开文件/);
  await page.close();
});
