// The left side: the text that the rule cites, with the sentence it realises marked, or what the
// policy itself says of it.

import { fill, h } from "./dom.js";
import { pick, word } from "./words.js";

/** Comments above a rule, and those at the head of the policy, as paragraphs. */
export function comments(text, at, said) {
  const lines = text.slice(0, at).split(/\r?\n/);
  lines.pop();
  const own = [];
  while (said && lines.length && lines.at(-1).startsWith("#")) own.unshift(lines.pop());
  const head = [];
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith("#")) break;
    head.push(line);
  }
  const plain = (found) => found.map((line) => line.replace(/^#\s?/, "")).filter((line) => !/^[─\-=\s]*$/.test(line) && !/^──/.test(line));
  const found = { own: plain(own).join("\n"), head: plain(head).join("\n") };
  return { ...found, parts: [found.own, found.head].filter(Boolean).map((part) => divided(part, said ?? "")) };
}

/** What is cited, its title and its place; what a rule cites makes it like nothing. */
const CITED = /《[^》]*》\s*(第?[零〇一二三四五六七八九十百千0-9０-９（）()]+[编章节条款项目](之[一二三四五六七八九十]+)?)*/gu;

/** The pairs of letters of a text that follow one another, signs and citations left out. */
function pairs(text) {
  const letters = [...text.replace(CITED, "")].filter((letter) => /[\p{L}\p{N}]/u.test(letter));
  return new Set(letters.slice(1).map((letter, at) => letters[at] + letter));
}

/** How alike a clause has to be to be the one that a rule realises. */
const ALIKE = 0.3;

/** A comment in parts: before the clause that is most like what the rule says, that, and after; the
 * measure is the program's for the texts that are cited. */
function divided(text, said) {
  const own = pairs(said);
  let best = [ALIKE, 0, 0];
  for (const { 0: clause, index } of text.matchAll(/[^，。；：\n]+[，。；：]?/g)) {
    const found = pairs(clause);
    const both = [...found].filter((pair) => own.has(pair)).length;
    const share = found.size > 3 ? both / found.size : 0;
    if (share > best[0]) best = [share, index, index + clause.length];
  }
  return [text.slice(0, best[1]), text.slice(best[1], best[2]), text.slice(best[2])];
}

export class Source {
  constructor(parent, hooks) {
    this.body = h("div", { class: "scroll source", tabindex: "0", role: "group", "aria-labelledby": "source-head" });
    this.hooks = hooks;
    parent.append(this.body);
  }

  /** Shows a provision, and what the policy's comments say. */
  show(found, said) {
    const key = JSON.stringify([found, said]);
    if (key === this.key) return;
    this.key = key;
    fill(this.body, found ? this.provision(found, said) : said.parts.length ? null : h("p", { class: "nothing" }, word("noProvision")), this.said(said, Boolean(found?.parts[1])));
    this.body.querySelector("mark")?.scrollIntoView({ block: "center" });
  }

  clear() {
    this.key = null;
    fill(this.body);
  }

  provision(found, said) {
    const [before, sentence, after] = found.parts;
    const empty = !found.parts.join("").trim();
    if (empty && !found.remark && said.parts.length) return h("h3", { class: "title" }, found.title);
    return h(
      "article",
      { class: "provision" },
      h("h3", {}, found.title, found.place ? ` ${found.place}` : ""),
      found.remark ? h("p", { class: "remark" }, pick(found.remark)) : null,
      empty && !found.remark ? h("p", { class: "quiet" }, word("noText")) : null,
      empty ? null : h("div", { class: "words" }, before, sentence ? h("mark", {}, sentence) : null, after),
      found.whence ? h("p", { class: "quiet" }, h("button", { type: "button", class: "place", onclick: () => this.hooks.visit(found.whence) }, `${found.whence.file}${found.whence.line ? `:${found.whence.line}` : ""}`)) : null,
    );
  }

  /** What the policy's comments say; where the text that is cited has the mark, they have none. */
  said({ parts }, marked) {
    if (!parts.length) return null;
    return h(
      "aside",
      { class: "comments", "aria-label": word("comments") },
      h("h3", {}, word("comments")),
      parts.map(([before, like, after]) => h("p", {}, before, like && !marked ? h("mark", {}, like) : like, after)),
    );
  }
}
