// Below: cases, what a change would flip, mistakes, what is unsaved, and the project at a glance.

import { fill, h, roving } from "./dom.js";
import { lines } from "./difference.js";
import { short } from "./results.js";
import { isPlain, shown, written } from "./toml.js";
import { pick, word } from "./words.js";

const TABS = ["cases", "flips", "mistakes", "changes", "glance"];

export class Below {
  /** `hooks`: `goto(at)`, `amend(name, find)`, `row(flip)`, `discard(name)`, `ask(tab)`. */
  constructor(parent, hooks) {
    Object.assign(this, { hooks, tab: "cases", data: {}, opened: null, filter: "" });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": word("below") });
    this.body = roving(h("div", { class: "scroll panel", role: "tabpanel", id: "below-panel", tabindex: "0" }));
    parent.append(this.tabs, this.body);
    this.tabs.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.choose(TABS[(TABS.indexOf(this.tab) + step + TABS.length) % TABS.length]);
      this.tabs.querySelector("[aria-selected=true]").focus();
    });
    this.body.addEventListener("focusout", () => setTimeout(() => this.late && this.draw()));
    this.body.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.opened !== null && this.tab === "cases") {
        const key = `case-${this.opened}`;
        event.target.shown = event.target.value;
        this.opened = null;
        this.draw();
        this.body.querySelector(`[data-key="${key}"]`)?.focus();
      }
    });
  }

  /** Whether something is being typed into a cell, which is not to be taken away meanwhile. */
  isTyping() {
    const now = document.activeElement;
    return this.body.contains(now) && now.matches("input") && now.value !== now.shown;
  }

  choose(tab) {
    this.tab = tab;
    this.draw();
    this.hooks.ask(tab);
  }

  /** Nothing is known yet. */
  clear() {
    this.data.cases = undefined;
    this.opened = null;
    this.draw();
  }

  /** New data for a tab. */
  give(tab, data) {
    this.data[tab] = data;
    this.draw(tab);
  }

  draw(only) {
    const { cases, flips, mistakes, changes } = this.data;
    const other = flips ? flips.rows.length + flips.more + flips.cases.filter((flip) => flip.before).length : 0;
    const badges = {
      cases: cases ? [cases.length, cases.some((one) => one.status !== "passed") ? "violated" : "satisfied"] : null,
      flips: other ? [other, "warning"] : null,
      mistakes: mistakes?.length ? [mistakes.length, mistakes.some((one) => one.severity === "error") ? "violated" : "warning"] : null,
      changes: changes?.length ? [changes.length, "warning"] : null,
    };
    fill(
      this.tabs,
      TABS.map((tab) =>
        h(
          "button",
          { type: "button", role: "tab", id: `tab-${tab}`, "aria-selected": String(tab === this.tab), "aria-controls": "below-panel", tabindex: tab === this.tab ? "0" : "-1", "data-key": `tab-${tab}`, onclick: () => this.choose(tab) },
          word(tab),
          badges[tab] ? [" ", h("span", { class: `count ${badges[tab][1]}` }, badges[tab][0])] : null,
        ),
      ),
    );
    if (only && only !== this.tab) return;
    this.late = this.isTyping();
    if (this.late) return;
    this.body.setAttribute("aria-labelledby", `tab-${this.tab}`);
    const data = this.data[this.tab];
    fill(this.body, data === undefined ? h("p", { class: "nothing" }, word("judging")) : this[this.tab](data));
  }

  cases(cases) {
    if (!cases.length) return h("p", { class: "nothing" }, word(this.broken(this.file) ? "locked" : "noCases"));
    const failed = cases.filter((one) => one.status !== "passed");
    const order = [...cases.keys()].sort((a, b) => (cases[a].status === "passed") - (cases[b].status === "passed") || a - b);
    return [
      h("p", { class: `sum ${failed.length ? "violated" : "satisfied"}` }, failed.length ? word("someFail", cases.length, failed.length) : word("allPass", cases.length)),
      h("ul", { class: "cases" }, order.map((index) => this.caseOf(cases[index], index))),
    ];
  }

  caseOf(one, index) {
    const open = this.opened === index;
    const toggle = () => {
      this.opened = open ? null : index;
      this.draw();
    };
    return h(
      "li",
      { class: one.status },
      h(
        "button",
        { type: "button", class: "open", "data-rove": "", "data-key": `case-${index}`, "aria-expanded": String(open), onclick: toggle },
        h("span", { class: `badge ${one.status === "passed" ? "satisfied" : "violated"}` }, word(one.status)),
        " ",
        one.name,
      ),
      open ? this.caseForm(one, index) : null,
    );
  }

  /** Whether a file of cases cannot be read as TOML: nothing is known of its places then. */
  broken(file) {
    return (this.data.mistakes ?? []).some((one) => one.code === "case_file_syntax" && one.at.file === file);
  }

  caseForm(one, index) {
    const file = one.at.file;
    const broken = this.broken(file);
    // A case is found again by its name and its place in the list, a cell by its place in the case.
    const same = (cases) => (cases[index]?.name === one.name ? cases[index] : cases.find((other) => other.name === one.name));
    const amend = (found) => this.hooks.amend(one.at.file, (cases) => found(same(cases)));
    const field = (found, table, row, cell) =>
      h(
        "label",
        { class: "field" },
        h("span", {}, found.name),
        h("input", {
          value: shown(found.value),
          size: Math.max(6, Math.min(28, Math.round([...shown(found.value)].length * 1.7))),
          "data-key": `field-${index}-${table}-${row}-${cell}`,
          disabled: broken,
          readonly: !found.span || !isPlain(found.value) || !this.hooks.writable(file),
          onchange: (event) => {
            const typed = (event.target.shown = event.target.value);
            amend((now) => {
              const at = now?.given[table]?.rows[row]?.[cell];
              return at?.name === found.name && at.span ? { file, span: at.span, text: written(typed, at.value) } : null;
            });
          },
        }),
      );
    const rows = (table, number) => h("div", { class: "table" }, h("h5", {}, table.table), table.rows.map((row, at) => h("div", { class: "fields" }, row.map((cell, place) => field(cell, number, at, place)))));
    const lineOf = (stated) =>
      h(
        "tr",
        { class: stated.agrees ? "agrees" : "differs" },
        h("th", { scope: "row" }, `${stated.table} ${stated.key}${stated.element ? ` ${stated.element}` : ""}`, stated.article ? h("small", {}, ` ${stated.article}`) : null),
        h("td", {}, pick(stated.expected)),
        h("td", {}, stated.actual ? pick(stated.actual) : "—"),
        h("td", { class: "tight" }, stated.agrees ? h("span", { class: "satisfied" }, `✓ ${word("agrees")}`) : h("span", { class: "violated" }, `✗ ${word("differs")}`)),
      );
    return h(
      "div",
      { class: "form" },
      broken ? h("p", { class: "violated" }, word("locked")) : null,
      one.why ? h("p", { class: "quiet" }, `${word("whyCase")}${word("colon")}${one.why}`) : null,
      h("h4", {}, word("given")),
      one.given.length ? one.given.map(rows) : h("p", { class: "quiet" }, word("nothingGiven")),
      one.expected.length
        ? [
            h("h4", {}, word("expected")),
            h(
              "table",
              { class: "lined" },
              h("thead", {}, h("tr", {}, ["what", "expected", "actual"].map((name) => h("th", { scope: "col" }, word(name))), h("td", {}))),
              h("tbody", {}, one.expected.map(lineOf)),
            ),
          ]
        : null,
      one.told.map((told) => h("p", { class: "quiet" }, pick(told.message))),
      one.snapshot
        ? [
            difference(one.snapshot.before ?? "", one.snapshot.after),
            h("button", { type: "button", class: "small", disabled: broken, onclick: () => amend((now) => now?.snapshot?.accept) }, word("acceptRecord")),
          ]
        : null,
      h("p", {}, h("button", { type: "button", class: "place", onclick: () => this.hooks.goto(one.at) }, `${file}:${one.at.line ?? ""}`)),
    );
  }

  flips(flips) {
    const rows = flips.rows.length + flips.more;
    if (!rows && !flips.cases.length) return h("p", { class: "nothing" }, word("noFlips"));
    const groups = Map.groupBy(flips.rows, (flip) => flip.code);
    const change = (before, after, none = "absent") => [
      h("td", { class: "tight" }, before ? h("span", { class: `badge ${tone(before)}` }, word(before)) : word(none)),
      h("td", { class: "tight" }, h("span", { "aria-hidden": "true" }, "→ "), after ? h("span", { class: `badge ${tone(after)}` }, word(after)) : word("absent")),
    ];
    const head = h("thead", {}, h("tr", {}, [h("th", { scope: "col" }, word("row")), h("th", { scope: "col" }, word("before")), h("th", { scope: "col" }, word("after"))]));
    return [
      h("p", { class: "sum warning" }, effects(flips)),
      flips.cases.length
        ? h("section", {}, h("h4", {}, word("cases")), h("table", { class: "lined" }, head.cloneNode(true), h("tbody", {}, flips.cases.map((flip) => h("tr", {}, h("th", { scope: "row" }, flip.name, h("small", {}, ` ${flip.file}`)), change(flip.before, flip.after, "fresh"))))))
        : null,
      [...groups.values()].map((group) =>
        h(
          "section",
          {},
          h("h4", {}, pick(group[0].heading), h("small", {}, ` ${group.length}`)),
          h(
            "table",
            { class: "lined" },
            head.cloneNode(true),
            h(
              "tbody",
              {},
              group.map((flip) =>
                h(
                  "tr",
                  {},
                  h("th", { scope: "row" }, h("button", { type: "button", class: "open", "data-rove": "", onclick: () => this.hooks.row(flip) }, `${pick(flip.table)} ${flip.key} ${flip.title ?? ""}`)),
                  change(flip.before, flip.after),
                ),
              ),
            ),
          ),
        ),
      ),
      flips.more ? h("p", { class: "quiet" }, word("someMore", flips.more)) : null,
    ];
  }

  mistakes(mistakes) {
    if (!mistakes.length) return h("p", { class: "nothing" }, word("noMistakes"));
    return h(
      "ul",
      { class: "mistakes" },
      mistakes.map((told) =>
        h(
          "li",
          { class: told.severity },
          h(
            "button",
            { type: "button", class: "open", "data-rove": "", onclick: () => this.hooks.goto(told.at) },
            h("span", { class: `badge ${told.severity === "error" ? "violated" : "warning"}` }, word(told.severity === "error" ? "errorWord" : "warningWord")),
            " ",
            pick(told.message),
            told.help ? h("span", { class: "why" }, `${word("remedy")}${word("colon")}${pick(told.help)}`) : null,
            h("span", { class: "where" }, told.at.line ? `${told.at.file}:${told.at.line}` : told.at.file),
          ),
        ),
      ),
    );
  }

  changes(changes) {
    if (!changes.length) return h("p", { class: "nothing" }, word("noChanges"));
    return changes.map(({ name, before, after }) =>
      h(
        "section",
        {},
        h("h4", {}, name, " ", h("button", { type: "button", class: "small", onclick: () => this.hooks.discard(name) }, word("discard", name.split("/").at(-1)))),
        difference(before ?? "", after),
      ),
    );
  }

  glance(found) {
    const kinds = ["violated", "conflict", "warning", "undetermined", "referred", "waived"];
    return [
      h("p", { class: "sum" }, `${found.project} `, h("small", {}, [found.as_of ? word("asOf", found.as_of) : "", word("judged", found.rows)].filter(Boolean).join(" · "))),
      h("ul", { class: "figures" }, kinds.map((kind, at) => h("li", { class: kind }, h("b", {}, found.kinds[at]), h("span", {}, word(kind))))),
      h(
        "div",
        { class: "beside" },
        found.matrices.map((matrix) =>
          h(
            "table",
            { class: "lined" },
            h("caption", {}, pick(matrix.field)),
            h("thead", {}, h("tr", {}, [h("th", { scope: "col" }, word("disposition")), h("th", { scope: "col", class: "number" }, word("declared")), h("th", { scope: "col", class: "number" }, word("required"))])),
            h("tbody", {}, matrix.lines.map((line) => h("tr", { class: line.declared === line.required ? null : "differs" }, h("th", { scope: "row" }, pick(line.name)), h("td", { class: "number" }, line.declared), h("td", { class: "number" }, line.required)))),
          ),
        ),
        found.by
          ? h(
              "table",
              { class: "lined" },
              h("caption", {}, pick(found.by)),
              h("thead", {}, h("tr", {}, h("th", { scope: "col" }, word("group")), h("th", { scope: "col", class: "number" }, word("rows")), kinds.map((kind) => h("th", { scope: "col", class: "number" }, word(kind))))),
              h("tbody", {}, found.groups.map((group) => h("tr", {}, h("th", { scope: "row" }, pick(group.name)), h("td", { class: "number" }, group.rows), group.kinds.map((count, at) => h("td", { class: `number ${count ? kinds[at] : ""}` }, count || "-"))))),
            )
          : null,
      ),
    ];
  }
}

/** What a save would change, as a sentence; cases that are new are no effects. */
export function effects(flips) {
  const rows = flips.rows.length + flips.more;
  const fresh = flips.cases.filter((flip) => !flip.before).length;
  const other = flips.cases.length - fresh;
  if (!fresh) return word("someFlips", rows, other);
  return rows || other ? word("flipsAndNew", rows, other, fresh) : word("newCases", fresh);
}

const tone = (kind) => ({ passed: "satisfied", failed: "violated", error: "undetermined" })[kind] ?? kind;

/** What differs between two texts, line by line. */
export function difference(before, after) {
  const shown = lines(before, after);
  if (!shown.length) return null;
  return h(
    "pre",
    { class: "difference", tabindex: "0" },
    shown.map(([sign, line]) => h("span", { class: { "+": "added", "-": "gone", "…": "quiet" }[sign] ?? null }, `${sign} ${line}\n`)),
  );
}
