// A lawyer's afternoon on a copy of the sample.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { browse, copy, missing, program, start } from "./open.mjs";

const LAW = `# 中华人民共和国行政许可法

2003年8月27日 第十届全国人民代表大会常务委员会第四次会议通过

<!-- INFO END -->

第三十二条 行政机关对申请人提出的行政许可申请，应当根据下列情况分别作出处理：

（四）申请材料不齐全或者不符合法定形式的，应当当场或者在五日内一次告知申请人需要补正的全部内容，逾期不告知的，自收到申请材料之日起即为受理；

（五）申请事项属于本行政机关职权范围，申请材料齐全、符合法定形式，或者申请人按照本行政机关的要求提交全部补正申请材料的，应当受理行政许可申请。

第四十二条 除可以当场作出行政许可决定的外，行政机关应当自受理行政许可申请之日起二十日内作出行政许可决定。二十日内不能作出决定的，经本行政机关负责人批准，可以延长十日，并应当将延长期限的理由告知申请人。但是，法律、法规另有规定的，依照其规定。

依照本法第二十六条的规定，行政许可采取统一办理或者联合办理、集中办理的，办理的时间不得超过四十五日；四十五日内不能办结的，经本级人民政府负责人批准，可以延长十五日，并应当将延长期限的理由告知申请人。
`;

test("a lawyer's afternoon", { skip: missing || false, timeout: 1_200_000 }, async (t) => {
  const { root, remove } = copy("policies");
  t.after(remove);
  const project = join(root, "policies", "shangjie-2015");
  const policy = join(root, "policies", "approval-reform", "process-limits.fan");
  const cases = join(root, "policies", "approval-reform", "process-limits.cases.toml");
  // What the law says at the places that the policy cites.
  mkdirSync(join(root, "policies", "laws"));
  writeFileSync(join(root, "policies", "laws", "中华人民共和国行政许可法(2003-08-27).md"), LAW);
  appendFileSync(join(project, "fanshi.toml"), '\n[texts]\nstatute = ["../laws/*.md"]\n');
  const studio = await start(project);
  t.after(studio.stop);
  const { browser, page, wrong, picture, elsewhere, text } = await browse(studio.address);
  t.after(() => browser.close());
  const result = page.locator("#results");
  const below = page.locator("#below");

  await t.test("the policy is opened, its rules with what they came to", async () => {
    const value = await page.locator("#file option", { hasText: "process-limits.fan" }).first().getAttribute("value");
    await page.selectOption("#file", value);
    await page.waitForFunction(() => /承诺档位/.test(document.querySelector("#results").textContent));
    await picture("1-opened");
  });

  await t.test("a rule stands beside its official sentence", async () => {
    await find(page, "第九条 许可期限");
    await page.waitForFunction(() => /行政许可法[\s\S]*二十日内作出行政许可决定/.test(document.querySelector(".source .provision")?.innerText), null, { timeout: 60_000 });
    await picture("2-law");
    await find(page, "第五条 承诺档位");
    await page.waitForFunction(() => document.querySelector("#results .trail").textContent.includes("承诺档位"));
    await page.waitForFunction(() => /承诺时限压缩到/.test(document.querySelector(".source mark")?.textContent));
    const marked = await page.locator(".source mark").first().innerText();
    assert.ok(marked.length > 5, marked);
    await page.waitForSelector("#results .row.violated");
    assert.match(await result.innerText(), /违反 3/);
    await picture("2-rule");
  });

  await t.test("a row is told as explain tells it", async () => {
    await page.locator("#results .row button.open").first().click();
    await page.waitForSelector("#results .entry .steps");
    assert.match(await result.innerText(), /最长时限/);
    assert.match(await result.innerText(), /\.(toml|csv|json|jsonl):\d+/);
    await picture("3-row");
    await page.keyboard.press("Escape");
    await page.waitForSelector("#results .row.violated");
  });

  await t.test("7 becomes 5, and what flips is seen before it is saved", async () => {
    await find(page, "最长时限 | longest_limit : 工作日 = 7");
    await page.keyboard.press("Backspace");
    const begun = Date.now();
    await page.keyboard.type("5");
    await page.waitForFunction(() => /会不同/.test(document.querySelector(".head").textContent), null, { timeout: 200_000 });
    console.log(`flips after ${Date.now() - begun} ms`);
    await page.locator(".effect").click();
    // The cases follow.
    await page.waitForFunction(() => /2 个案例/.test(document.querySelector("#below .sum").textContent), null, { timeout: 400_000 });
    const told = await below.innerText();
    assert.match(told, /保存以后：\d+ 行、2 个案例/);
    assert.match(told, /满足[\s\S]*违反/);
    await picture("4-flips");
    assert.match(readFileSync(policy, "utf8"), /= 7 工作日/);
  });

  await t.test("a row of real data becomes a case, and is accepted", async () => {
    await find(page, "第五条 承诺档位");
    await page.waitForFunction(() => document.querySelector("#results .trail").textContent.includes("承诺档位"), null, { timeout: 60_000 });
    await page.waitForSelector("#results .row.violated");
    await page.locator("#results .row .make").first().click();
    await page.waitForSelector("dialog pre");
    assert.match(await page.locator("dialog pre").innerText(), /\[\[case\]\]/);
    await picture("5-case");
    await page.locator("dialog .main").click();
    await page.waitForSelector("#below .form", { timeout: 200_000 });
    await page.waitForTimeout(300);
    await picture("6-case-form");
    assert.match(await page.locator(".unsaved").innerText(), /process-limits\.cases\.toml/);
  });

  await t.test("a misspelt word is mended by the fix that is offered", async () => {
    await find(page, "承诺时限 不得 超过 最长时限");
    const before = await text();
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("线");
    await page.waitForSelector(".cm-lintRange-error, .cm-lint-marker-error", { timeout: 20_000 });
    await page.waitForTimeout(800);
    await page.keyboard.press("Control+.");
    await page.waitForSelector("dialog .fixes button");
    await picture("7-fix");
    await page.locator("dialog .fixes button").first().click();
    await page.waitForFunction((before) => !document.querySelector("dialog"), before);
    await page.waitForTimeout(500);
    assert.equal(await text(), before);
  });

  await t.test("a citation is hovered, and its article read", async () => {
    await find(page, "《行政许可法》第三十二条");
    const at = await page.evaluate(() => {
      const { view } = document.querySelector(".cm-content").cmTile.root;
      const { left, top, bottom } = view.coordsAtPos(view.state.selection.main.head - 3);
      return [left + 2, (top + bottom) / 2];
    });
    await page.mouse.move(at[0] - 30, at[1]);
    await page.mouse.move(...at, { steps: 4 });
    await page.waitForSelector(".cm-tooltip .hover", { timeout: 10_000 });
    const told = await page.locator(".cm-tooltip .hover").innerText();
    assert.match(told, /五日内一次告知申请人/);
    await picture("8-hover");
    await page.mouse.move(5, 5);
  });

  await t.test("an official sentence is pasted without blanks, and its cuts are seen", async () => {
    await find(page, "第十一条 凡批必进");
    await page.keyboard.press("Control+End");
    const kept = await text();
    const sentence = "\n第十二条 试写 | trial\n  凡列入清单的审批事项，必须进驻大厅。\n";
    await page.evaluate((sentence) => {
      const data = new DataTransfer();
      data.setData("text/plain", sentence);
      document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }, sentence);
    await find(page, "凡列入清单的审批事项");
    await page.waitForFunction(() => /进驻大厅/.test(document.querySelector(".cuts").textContent), null, { timeout: 30_000 });
    const cut = await page.locator(".cuts .words li").evaluateAll((all) => all.map((one) => one.firstChild.textContent));
    assert.ok(cut.includes("列入清单") && cut.includes("审批事项") && cut.includes("必须"), cut.join("|"));
    await picture("9-cuts");
    // It was only tried.
    for (let at = 0; at < 40 && (await text()) !== kept; at += 1) await page.keyboard.press("Control+z");
    assert.equal(await text(), kept);
  });

  await t.test("it is saved, and the command line comes to the same", async () => {
    await page.waitForTimeout(500);
    const shown = await page.locator("#tab-cases").innerText();
    await page.keyboard.press("Control+s");
    await page.waitForFunction(() => !document.querySelector(".unsaved").textContent);
    await picture("10-saved");
    const stored = readFileSync(policy, "utf8");
    assert.equal(stored, await text());
    assert.match(stored, /= 5 工作日/);
    assert.match(readFileSync(cases, "utf8"), /name = "流程约束 第五条 承诺档位：/);
    await below.locator("#tab-glance").click();
    await page.waitForSelector("#below .figures");
    const violated = await page.locator("#below .figures li.violated b").innerText();
    const reviewed = spawnSync(program, ["review", project, "--format", "json"], { encoding: "utf8", maxBuffer: 1 << 28 });
    assert.equal(violated, String(JSON.parse(reviewed.stdout).findings.violated));
    const tested = spawnSync(program, ["test", policy, "--lang", "zh"], { encoding: "utf8", maxBuffer: 1 << 28 });
    const [, all] = tested.stdout.match(/共 (\d+) 个案例/);
    assert.match(shown, new RegExp(all));
    await picture("11-glance");
  });

  await t.test("nothing else was asked, and nothing complained", () => {
    assert.deepEqual(elsewhere(), []);
    assert.deepEqual(wrong, []);
  });
});

/** Puts the cursor behind a text of the editor, by the editor's own search. */
async function find(page, words) {
  await page.locator(".cm-content").focus();
  await page.evaluate((words) => {
    const content = document.querySelector(".cm-content");
    const { view } = content.cmTile.root;
    const at = view.state.sliceDoc().indexOf(words);
    if (at < 0) throw new Error(`no ${words}`);
    view.dispatch({ selection: { anchor: at + words.length }, scrollIntoView: true });
    view.focus();
  }, words);
  await page.waitForTimeout(250);
}
