// The right side: what the rules came to, the rows behind that, and one row as `explain` tells it.

import { fill, h, roving } from "./dom.js";
import { pick, word } from "./words.js";

/** The kinds that are shown of a rule, in the order of what they weigh. */
export const KINDS = ["violated", "conflict", "warning", "undetermined", "referred", "waived", "satisfied"];
const SIGNS = { violated: "✗", conflict: "✗", warning: "△", undetermined: "?", referred: "?", waived: "○", satisfied: "✓" };

/** The counts of a rule as parts: kind and text; those there are none of are left out. */
export const counted = (rule) =>
  rule.standing === "judged" || rule.standing === "otherwise"
    ? KINDS.filter((kind) => rule.counts[kind]).map((kind) => [kind, `${SIGNS[kind]}${rule.counts[kind]}`])
    : [["noted", word(standing(rule))]];
const standing = (rule) => (rule.standing in { faulty: 1, no_rows: 1, not_in_effect: 1 } ? rule.standing : "no_rows");

/** The counts of a rule as a sentence. */
export const counts = (rule) =>
  rule.standing === "judged" || rule.standing === "otherwise"
    ? KINDS.filter((kind) => rule.counts[kind]).map((kind) => `${word(kind)} ${rule.counts[kind]}`).join(word("comma")) || word("not_applicable")
    : word(standing(rule));

export class Results {
  /** `hooks`: `rows(rule)`, `record(row, rule)`, `choose(rule)`, `make(row, rule)`, `visit(place)`. */
  constructor(parent, hooks) {
    Object.assign(this, { parent, hooks, rules: [], chosen: null, row: null, whole: false, list: null, record: null });
    this.trail = h("nav", { class: "trail" });
    this.body = roving(h("div", { class: "scroll results", tabindex: "-1" }));
    parent.append(this.trail, this.body);
    parent.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && (this.row || this.chosen)) {
        event.preventDefault();
        this.back();
      }
    });
  }

  /** Nothing is known yet. */
  clear() {
    Object.assign(this, { rules: [], chosen: null, row: null, turn: (this.turn ?? 0) + 1 });
    fill(this.trail);
    fill(this.body, h("p", { class: "nothing" }, word("judging")));
  }

  /** No file is open. */
  none() {
    this.clear();
    fill(this.body, h("p", { class: "nothing" }, word("noFile")));
  }

  /** The rules of the file, anew; the choice stays where it can. */
  async show(rules) {
    this.rules = rules;
    const same = this.chosen && rules.filter((rule) => rule.code === this.chosen.code);
    this.chosen = same?.find((rule) => rule.rule === this.chosen.rule) ?? same?.[0] ?? null;
    if (!this.chosen) this.row = null;
    await this.read();
  }

  /** Chooses a rule, or none. */
  async choose(rule, follow = true) {
    if (rule?.rule === this.chosen?.rule && !this.row) return;
    this.chosen = rule;
    this.row = null;
    if (follow && rule) this.hooks.choose(rule);
    await this.read();
  }

  async open(row, whole = false) {
    this.row = row;
    this.whole = whole;
    await this.read();
    this.body.focus({ preventScroll: true });
  }

  back() {
    const left = this.row;
    if (this.row) this.row = null;
    else this.chosen = null;
    this.read().then(() => {
      const key = left ? `row-${left.row}` : "rule-0";
      [...this.body.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key)?.focus();
    });
  }

  /** Asks for what is shown, and shows it. */
  async read() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    const { chosen, row, whole } = this;
    let list = null;
    let record = null;
    let wrong = null;
    try {
      if (row) record = await this.hooks.record(row.row, whole ? null : chosen?.rule);
      else if (chosen) list = await this.hooks.rows(chosen.rule);
    } catch (error) {
      wrong = error.said ?? [String(error), String(error)];
    }
    if (turn !== this.turn) return;
    if (wrong && row) {
      this.row = null;
      return this.read();
    }
    Object.assign(this, { list, record, wrong });
    this.draw();
  }

  draw() {
    const { chosen, row } = this;
    const steps = [h("button", { type: "button", class: "step", disabled: !chosen, onclick: () => this.choose(null), "data-key": "all" }, word("allRules"))];
    if (chosen) steps.push(h("button", { type: "button", class: "step", disabled: !row, onclick: () => this.open(null), "data-key": "rule" }, short(pick(chosen.heading))));
    if (row) steps.push(h("span", { class: "step", "aria-current": "location" }, row.title ?? row.key));
    fill(this.trail, steps);
    if (this.wrong) fill(this.body, h("p", { class: "nothing" }, pick(this.wrong)));
    else if (row && this.record) fill(this.body, this.ofRow());
    else if (chosen && this.list) fill(this.body, this.ofRule());
    else fill(this.body, this.all());
  }

  all() {
    if (!this.rules.length) return h("p", { class: "nothing" }, word("noRules"));
    return h(
      "ul",
      { class: "rules" },
      this.rules.map((rule, index) =>
        h(
          "li",
          {},
          h(
            "button",
            { type: "button", class: "rule", "data-rove": "", "data-key": `rule-${index}`, "aria-label": `${pick(rule.heading)}${word("colon")}${counts(rule)}`, onclick: () => this.choose(rule) },
            h("span", { class: "name" }, short(pick(rule.heading))),
            h("span", { class: "counts" }, counted(rule).map(([kind, text]) => h("span", { class: kind }, text))),
          ),
        ),
      ),
    );
  }

  ofRule() {
    const { chosen, list } = this;
    const bar = KINDS.filter((kind) => chosen.counts[kind]);
    const all = bar.reduce((sum, kind) => sum + chosen.counts[kind], 0);
    return [
      h("p", { class: "sum" }, counts(chosen)),
      all ? h("div", { class: "bar", role: "img", "aria-label": counts(chosen) }, bar.map((kind) => grow(h("span", { class: kind }), chosen.counts[kind]))) : null,
      list.length
        ? h("ul", { class: "rows" }, list.map((row) => this.rowOf(row)))
        : h("p", { class: "nothing" }, word("noRows")),
      list.length >= 500 ? h("p", { class: "quiet" }, word("more", list.length)) : null,
    ];
  }

  rowOf(row) {
    const name = [pick(row.table), row.key, row.title].filter(Boolean).join(" ");
    return h(
      "li",
      { class: `row ${row.outcome}` },
      h(
        "button",
        { type: "button", class: "open", "data-rove": "", "data-key": `row-${row.row}`, onclick: () => this.open(row) },
        h("span", { class: `badge ${row.outcome}` }, word(row.outcome)),
        " ",
        h("b", {}, row.title ?? row.key),
        " ",
        h("small", {}, row.title ? row.key : pick(row.table), row.element ? ` ${pick(row.element)}` : ""),
        h("span", { class: "why" }, pick(row.message)),
        row.places.length ? h("span", { class: "where" }, wheres(row.places.slice(0, PLACES))) : null,
      ),
      h("button", { type: "button", class: "small make", "aria-label": word("makeCaseOf", name), onclick: () => this.hooks.make(row, this.chosen) }, word("makeCase")),
    );
  }

  ofRow() {
    const { record, row, chosen, whole } = this;
    const order = ["violated", "conflict", "undetermined", "referred", "waived", "exempt", "already_demanded", "satisfied", "not_applicable"];
    const told = record.entries.filter((entry) => order.indexOf(entry.outcome) < 7 || (!whole && entry.outcome === "satisfied"));
    const named = record.entries.filter((entry) => !told.includes(entry));
    const by = Map.groupBy?.(named, (entry) => entry.outcome) ?? new Map();
    told.sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
    return [
      h("h3", {}, pick(record.table), " ", pick(record.name), record.title ? ` ${record.title}` : ""),
      record.place ? h("p", {}, this.place(record.place)) : null,
      h(
        "p",
        { class: "doing" },
        chosen ? h("button", { type: "button", class: "small", "data-key": "make", onclick: () => this.hooks.make(row, chosen) }, word("makeCase")) : null,
        " ",
        h("button", { type: "button", class: "small", "data-key": "whole", onclick: () => this.open(row, !whole) }, word(whole ? "thisRule" : "wholeRecord")),
      ),
      told.map((entry) => this.entry(entry)),
      record.dispositions.map((found) => this.disposition(found)),
      [...by].map(([outcome, entries]) => [
        h("h4", {}, `${word(outcome)} ${entries.length}`),
        h("p", { class: "quiet" }, [...new Set(entries.map((entry) => pick(entry.heading)))].join(word("stop"))),
      ]),
      record.waivers.map((waiver) => h("p", { class: "quiet" }, `${pick(waiver.heading)}${word("colon")}${waiver.by} ${waiver.why}`)),
    ];
  }

  place(place) {
    return h("button", { type: "button", class: "place", title: word("toData"), onclick: () => this.hooks.visit(place) }, place.at ? `${place.file}:${place.at}` : place.file);
  }

  entry(entry) {
    return h(
      "section",
      { class: `entry ${entry.outcome}` },
      h("h4", {}, h("span", { class: `badge ${entry.outcome}` }, word(entry.outcome)), " ", pick(entry.heading), entry.path ? `${word("comma")}${pick(entry.path)}` : ""),
      entry.overridden_by.map((heading) => h("p", { class: "quiet" }, word("overridden", pick(heading)))),
      [
        ["condition", entry.condition],
        ["exception", entry.exception],
        ["requirement", entry.requirement],
      ].map(([name, step]) => (step ? [h("p", { class: "part" }, word(name)), h("ul", { class: "steps" }, this.step(step))] : null)),
      entry.provisions.map((found) => h("blockquote", {}, h("cite", {}, found.cite), found.words.map((line) => h("p", {}, line)))),
    );
  }

  step(step) {
    const truth = step.truth === null ? "unknown" : String(step.truth);
    return h(
      "li",
      { class: truth },
      h("span", { class: "sign", role: "img", "aria-label": { true: "✓", false: "✗", unknown: "?" }[truth] }),
      pick(step.text),
      step.values.map(([name, value]) => h("span", { class: "quiet" }, ` ${pick(name)} = ${value ? pick(value) : word("unknown")}`)),
      step.facts.map((fact) => h("span", { class: "fact" }, pick(fact.label), " ", this.place(fact.place))),
      step.more_facts ? h("span", { class: "fact" }, word("moreFacts", step.more_facts)) : null,
      step.parts.length ? h("ul", { class: "steps" }, step.parts.map((part) => this.step(part)), step.more_parts ? h("li", { class: "unknown" }, word("moreParts", step.more_parts)) : null) : null,
    );
  }

  disposition(found) {
    const lists = [
      ["decidedBy", found.decided_by],
      ["clashing", found.clashing],
      ["beaten", found.beaten],
      ["contested", found.contested],
      ["open", found.open],
    ].filter(([, names]) => names.length);
    const changes = found.changes.filter((change) => change.conditions.length);
    return h(
      "section",
      { class: `entry ${found.outcome}` },
      h("h4", {}, pick(found.field), found.path ? ` ${pick(found.path)}` : ""),
      h(
        "dl",
        {},
        h("dt", {}, word("required")),
        h("dd", {}, found.required ? pick(found.required) : word("undecided")),
        h("dt", {}, word("declared")),
        h("dd", {}, found.declared ? pick(found.declared) : word("notGiven")),
        lists.map(([name, names]) => [h("dt", {}, word(name)), h("dd", {}, names.map(pick).join(word("stop")))]),
      ),
      changes.length
        ? h(
            "details",
            { open: !found.path },
            h("summary", {}, word("whatWould")),
            h(
              "dl",
              {},
              changes.map((change) => [
                h("dt", {}, word("toBecome", pick(change.disposition))),
                h("dd", {}, change.article ? h("span", { class: "quiet" }, `${word("by", pick(change.article))}${word("colon")}`) : null, change.conditions.map((needed) => `“${pick(needed.name)}” ${pick(needed.demand)}`).join(word("semicolon"))),
              ]),
            ),
          )
        : null,
    );
  }
}

const grow = (element, share) => {
  element.style.flexGrow = share;
  return element;
};

/** A heading without the name of its policy, which the page shows already. */
export const short = (heading) => heading.replace(/^\S+\s+(?=第|article\b)/, "");

/** So many places of a row are named in a list. */
const PLACES = 4;

/** Places of one row: a file once, with its lines. */
function wheres(places) {
  const files = Map.groupBy(places, (place) => place.file);
  return [...files].map(([file, own]) => (own.some((one) => one.line) ? `${file}:${[...new Set(own.map((one) => one.line))].join(word("stop"))}` : own.map(where).join(" "))).join("  ");
}

const where = (place) => (place.cell ? `${place.file} ${place.cell}` : place.line ? `${place.file}:${place.line}` : place.file);
