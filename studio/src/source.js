// The left side: the text that the rule cites, with the sentence it realises marked, or what the
// policy itself says of it.

import { fill, h } from "./dom.js";
import { pick, word } from "./words.js";

/** Comments above a rule, and those at the head of the policy, as paragraphs. */
export function comments(text, at) {
  const lines = text.slice(0, at).split(/\r?\n/);
  lines.pop();
  const own = [];
  while (lines.length && lines.at(-1).startsWith("#")) own.unshift(lines.pop());
  const head = [];
  for (const line of text.split(/\r?\n/)) {
    if (!line.startsWith("#")) break;
    head.push(line);
  }
  const plain = (found) => found.map((line) => line.replace(/^#\s?/, "")).filter((line) => !/^[─\-=\s]*$/.test(line) && !/^──/.test(line));
  return { own: plain(own), head: plain(head) };
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
    fill(this.body, found ? this.provision(found) : said.own.length || said.head.length ? null : h("p", { class: "nothing" }, word("noProvision")), this.said(said));
    this.body.querySelector("mark")?.scrollIntoView({ block: "center" });
  }

  again() {
    this.key = null;
  }

  provision(found) {
    const [before, sentence, after] = found.parts;
    const empty = !found.parts.join("").trim();
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

  said({ own, head }) {
    if (!own.length && !head.length) return null;
    return h(
      "aside",
      { class: "comments", "aria-label": word("comments") },
      h("h3", {}, word("comments")),
      own.length ? h("p", { class: "own" }, h("mark", {}, own.join("\n"))) : null,
      head.length ? h("p", {}, head.join("\n")) : null,
    );
  }
}
