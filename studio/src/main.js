// The page: the official text, the rule, what it comes to, and below the cases and what would change.

import { Below, difference, effects } from "./below.js";
import { fill, h, later, single } from "./dom.js";
import { editor, fromPlace, marked, showCounts, showCuts, showRule, showTokens, wrongAt } from "./editor.js";
import { Lsp, markdown } from "./lsp.js";
import { EditorView } from "@codemirror/view";
import { Results, counted, counts, short } from "./results.js";
import { Source, comments } from "./source.js";
import { ask, line } from "./talk.js";
import { language, pick, speak, word } from "./words.js";

const KINDS = [
  ["policy", "policies"],
  ["cases", "caseFiles"],
  ["manifest", "manifest"],
  ["text", "texts"],
  ["data", "data"],
];

/** Everything that changes. */
const all = {
  /** The files of the project, by name. */
  files: new Map(),
  /** The texts that were opened: name, kind, base, saved, writable, state. */
  docs: new Map(),
  /** The name of the file in the editor. */
  name: null,
  page: null,
  writes: false,
  ended: false,
  rules: [],
  flips: null,
  /** The policy whose cases are shown. */
  policy: null,
  /** The changes of cases that are under way. */
  amending: Promise.resolve(),
  /** The files in which another page has typed, and that are still to be read. */
  typed: new Set(),
};
const parts = {};

// ── texts ────────────────────────────────────────────────────────────────────

const whole = (doc) => (doc.name === all.name ? parts.editor.view.state : doc.state).sliceDoc();
const isDirty = (doc) => whole(doc) !== (doc.saved ?? "");
const dirty = () => [...all.docs.values()].filter(isDirty);

async function load(name) {
  const known = all.docs.get(name);
  if (known) return known;
  const told = await ask("text", { name });
  const raced = all.docs.get(name);
  if (raced) return raced;
  const kind = all.files.get(name)?.kind ?? (name.endsWith(".cases.toml") ? "cases" : "data");
  const doc = { name, kind, uri: told.uri, base: told.base, saved: told.saved, canWrite: told.writable, writable: told.writable && all.writes, wrong: [] };
  doc.state = parts.editor.state(doc, told.text);
  all.docs.set(name, doc);
  return doc;
}

/** Shows a file in the editor, at a place. */
async function open(name, at) {
  let doc;
  try {
    doc = await load(name);
  } catch (error) {
    return notice(error.said ?? [String(error), String(error)], "wrong");
  }
  const now = all.docs.get(all.name);
  if (now) now.state = parts.editor.view.state;
  all.name = name;
  parts.editor.view.setState(doc.state);
  parts.file.value = name;
  draw();
  if (at !== undefined) move(at);
  all.lsp?.put(doc.uri, whole(doc), doc.kind);
  Object.assign(all, { rules: [], at: parts.editor.view.state.selection.main.head, here: undefined });
  parts.results.clear();
  parts.source.clear();
  parts.below.clear();
  await refresh();
  follow(parts.editor.view.state.selection.main.head);
}

function move(at, to = at) {
  const { view } = parts.editor;
  const end = view.state.doc.length;
  const selection = { anchor: Math.min(at, end), head: Math.min(to, end) };
  view.dispatch({ selection, effects: EditorView.scrollIntoView(selection.anchor, { y: "start", yMargin: 48 }) });
}

/** Changes texts; files that are not open are read first. */
async function edit(edits) {
  const byFile = Map.groupBy(edits, (one) => one.file);
  for (const [name, own] of byFile) {
    const doc = await load(name);
    if (!doc.writable) {
      notice([`${name} 不能写`, `${name} cannot be written`], "wrong");
      return false;
    }
    const changes = own.map(({ span, text }) => ({ from: span[0], to: span[1], insert: text }));
    if (name === all.name) parts.editor.view.dispatch({ changes, userEvent: "input" });
    else doc.state = doc.state.update({ changes }).state;
    await typed(doc);
  }
  draw();
  await refresh();
  return true;
}

/** An edit whose places are those of the text as it stands: asked for anew where that has changed. */
async function settled(find) {
  let found = await find();
  for (let turn = 0; found && turn < 5; turn += 1) {
    const doc = await load(found.file);
    await typed(doc);
    const text = whole(doc);
    found = await find();
    const told = found && (await ask("text", { name: found.file }));
    if (told && found.file === doc.name && told.text === text && whole(doc) === text) return found;
  }
  return null;
}

/** Changes a cell of a case, or what is stated of it, one after another. `find` finds the change among the cases. */
function amend(name, find) {
  const { policy } = all;
  const change = async () => {
    const found = await settled(async () => {
      const cases = await ask("cases", { name: policy });
      parts.below.give("mistakes", await ask("mistakes"));
      return parts.below.broken(name) ? null : find(cases);
    });
    if (found) return edit([found]);
    if (!parts.below.broken(name)) notice([words("moved", 0, 0), words("moved", 0, 1)], "wrong");
    await refresh();
    parts.below.draw("cases");
  };
  all.amending = all.amending.then(change).catch((error) => notice(error.said ?? [String(error), String(error)], "wrong"));
}

/** An edit of the language server. */
async function editOfServer(found) {
  const changes = found.changes ? Object.entries(found.changes) : (found.documentChanges ?? []).filter((one) => one.edits).map((one) => [one.textDocument.uri, one.edits]);
  const edits = [];
  for (const [uri, own] of changes) {
    const name = await nameOf(uri);
    const doc = await load(name);
    const text = (name === all.name ? parts.editor.view.state : doc.state).doc;
    edits.push(...own.map(({ range, newText }) => ({ file: name, span: [fromPlace(text, range.start), fromPlace(text, range.end)], text: newText })));
  }
  const done = await edit(edits);
  return done && new Set(edits.map((one) => one.file)).size;
}

async function nameOf(uri) {
  for (const file of all.files.values()) if (file.uri === uri) return file.name;
  return (await ask("name_of", { uri })).name;
}

/** What was typed is handed to the program. */
async function typed(doc) {
  if (!all.writes || !doc.writable) return;
  const text = whole(doc);
  all.lsp?.put(doc.uri, text, doc.kind);
  await ask("put", { page: all.page, name: doc.name, text: isDirty(doc) ? text : null });
}

async function save() {
  const files = dirty();
  if (!all.name && !files.length) return say(word("nothingOpen"));
  if (!files.length) return say(word("allSaved"));
  say(word("saving"));
  try {
    const texts = files.map((doc) => ({ name: doc.name, text: whole(doc), base: doc.base ?? null }));
    const told = await ask("save", { page: all.page, files: texts });
    for (const { name, base } of told.saved ?? []) {
      const doc = all.docs.get(name);
      doc.base = base;
      doc.saved = texts.find((one) => one.name === name).text;
      all.lsp?.saved(doc.uri);
    }
    for (const found of told.changed ?? []) conflict(found);
    say(word(told.changed ? "notSaved" : "saved"));
  } catch (error) {
    notice(error.said ?? [String(error), String(error)], "wrong");
    say(word("notSaved"));
  }
  draw();
  await refresh();
}

/** Another program changed a file. */
async function changedOutside(names) {
  for (const doc of all.docs.values()) {
    if (names && !names.includes(doc.name)) continue;
    let told;
    try {
      told = await ask("text", { name: doc.name });
    } catch {
      continue;
    }
    if (!all.writes) {
      follows(doc, told);
      continue;
    }
    if (told.base === doc.base) continue;
    if (!isDirty(doc)) {
      Object.assign(doc, { base: told.base, saved: told.saved });
      replace(doc, told.saved ?? "");
      notice([words("readAgain", doc.name, 0), words("readAgain", doc.name, 1)]);
    } else if (told.saved === whole(doc)) Object.assign(doc, { base: told.base, saved: told.saved });
    else conflict({ name: doc.name, text: told.saved, base: told.base });
  }
  const listed = await ask("project");
  files(listed.files);
  draw();
  await refresh();
}

/** A page that only reads shows what the other has typed, and what it has saved. */
function follows(doc, told) {
  Object.assign(doc, { base: told.base, saved: told.saved });
  if (told.text !== whole(doc)) replace(doc, told.text);
}

const reading = later(150, async () => {
  const names = [...all.typed];
  all.typed.clear();
  if (!all.writes && names.length) await changedOutside(names);
});

const words = (name, given, at) => {
  const now = language();
  speak(at ? "en" : "zh");
  const text = word(name, given);
  speak(now);
  return text;
};

function replace(doc, text) {
  const state = doc.name === all.name ? parts.editor.view.state : doc.state;
  const [was, is] = [state.doc, state.toText(text)];
  const [old, now] = [was.toString(), is.toString()];
  // Only what differs, so that the cursor stays where it is.
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1;
  const changes = { from: head, to: old.length - tail, insert: is.slice(head, now.length - tail) };
  if (doc.name === all.name) parts.editor.view.dispatch({ changes });
  else doc.state = state.update({ changes }).state;
}

/** A file was changed here and elsewhere: the person chooses; nothing is written before. */
function conflict({ name, text, base }) {
  const doc = all.docs.get(name);
  document.getElementById(`conflict-${name}`)?.remove();
  const theirs = () => {
    Object.assign(doc, { base, saved: text });
    replace(doc, text ?? "");
    box.remove();
    say("");
    typed(doc).then(refresh);
    draw();
  };
  const mine = () => {
    Object.assign(doc, { base, saved: text });
    box.remove();
    say("");
    draw();
  };
  const box = h(
    "div",
    { class: "notice wrong", role: "alert", id: `conflict-${name}` },
    h("p", {}, word("changedOutside", name)),
    difference(text ?? "", whole(doc)),
    h("button", { type: "button", onclick: theirs }, word("takeTheirs")),
    " ",
    h("button", { type: "button", onclick: mine }, word("keepMine")),
  );
  parts.notices.append(box);
}

// ── what is shown ────────────────────────────────────────────────────────────

const refresh = single(async () => {
  const doc = all.docs.get(all.name);
  if (all.ended) return;
  if (!doc) return overall().catch((error) => error.code === "gone" && end());
  const { name } = doc;
  const policy = doc.kind === "cases" ? [...all.files.values()].find((file) => file.kind === "policy" && casesOf(file.name) === name)?.name : name;
  all.policy = policy;
  parts.below.file = policy && casesOf(policy);
  try {
    if (doc.kind === "policy") {
      const rules = await ask("verdicts", { name });
      if (all.name !== name) return;
      tell(rules);
      all.rules = rules;
      parts.editor.view.dispatch({ effects: showCounts.of(rules.filter((rule) => rule.selection).map((rule) => ({ at: rule.selection[0], parts: counted(rule), label: counts(rule) }))) });
      here();
      follow(all.at ?? 0);
      await parts.results.show(rules);
    } else if (doc.kind !== "cases") {
      await parts.results.show([]);
    }
    parts.below.give("mistakes", await ask("mistakes"));
    const changed = dirty();
    parts.below.give("changes", changed.map((one) => ({ name: one.name, before: one.saved, after: whole(one) })));
    // Rows are known long before cases are.
    const rows = changed.length ? await ask("flips", { cases: false }) : { rows: [], more: 0, cases: [] };
    const before = parts.below.data.flips?.cases ?? [];
    parts.below.give("flips", { ...rows, cases: changed.length ? before : [] });
    tellFlips({ ...rows, cases: changed.length ? before : [] });
    if (policy && (doc.kind === "policy" || doc.kind === "cases")) await cases(policy);
    else parts.below.give("cases", []);
    if (changed.length) {
      const flips = await ask("flips", { cases: true });
      parts.below.give("flips", flips);
      tellFlips(flips);
    }
    if (parts.below.tab === "glance") parts.below.give("glance", await ask("glance"));
    if (all.lsp && doc.kind === "policy") {
      const { view } = parts.editor;
      const tokens = await all.lsp.tokens(doc.uri, view.state.doc).catch(() => []);
      if (all.name === name && tokens.length) view.dispatch({ effects: showTokens.of(tokens) });
    }
  } catch (error) {
    if (error.code === "gone") end();
    else notice(error.said ?? [String(error), String(error)], "wrong");
  }
});

/** The file of cases beside a policy; one that is opened alone has its whole path for a name. */
function casesOf(policy) {
  const name = policy.replace(/\.fan$/, ".cases.toml");
  const last = name.split("/").at(-1);
  return name.startsWith("/") && all.files.has(last) ? last : name;
}

/** What there is to show while no file is open. */
async function overall() {
  parts.below.give("mistakes", await ask("mistakes"));
  for (const tab of ["cases", "changes"]) parts.below.give(tab, []);
  parts.below.give("flips", { rows: [], more: 0, cases: [] });
  parts.results.none();
}

/** The cases of a policy, with whether their file can be read, which is told first. */
async function cases(policy) {
  const found = await ask("cases", { name: policy });
  parts.below.give("mistakes", await ask("mistakes"));
  parts.below.give("cases", found);
}

/** Says aloud how the counts of the rule at the cursor have changed. */
function tell(rules) {
  const rule = ruleAt(all.at ?? 0);
  const before = rule && all.rules.find((one) => one.code === rule.code);
  const after = rule && rules.find((one) => one.code === rule.code && one.rule === before?.rule);
  if (before && after && counts(before) !== counts(after)) say(`${short(pick(after.heading))}${word("colon")}${counts(after)}`);
}

function tellFlips(flips) {
  const rows = flips.rows.length + flips.more;
  const fresh = flips.cases.filter((flip) => !flip.before).length;
  const key = `${rows} ${flips.cases.length} ${fresh}`;
  if (key !== all.flips && all.flips !== null) say(rows || flips.cases.length ? effects(flips) : word("noFlips"));
  all.flips = key;
  // What is to be heard need not be seen twice.
  parts.status.classList.toggle("heard", Boolean(rows || flips.cases.length));
  fill(
    parts.effect,
    rows || flips.cases.length
      ? h("button", { type: "button", class: "effect", onclick: () => (parts.below.choose("flips"), show("below"), parts.below.body.focus()) }, effects(flips))
      : null,
  );
}

const ruleAt = (at) => all.rules.find((rule) => rule.span && rule.span[0] <= at && at <= rule.span[1]);

/** Marks the rule at the cursor. */
function here() {
  const rule = ruleAt(all.at ?? 0);
  const key = rule ? rule.span.join() : "";
  if (key === all.here) return;
  all.here = key;
  parts.editor.view.dispatch({ effects: showRule.of(rule ? rule.span : null) });
}

/** The cursor moved: the text behind the rule, what it came to, and how its sentence is read. */
const follow = later(120, async (at) => {
  const doc = all.docs.get(all.name);
  if (!doc || doc.kind !== "policy") return parts.source.show(null, { parts: [] });
  here();
  const rule = ruleAt(at);
  if (rule && rule.rule !== parts.results.chosen?.rule) parts.results.choose(rule, false);
  const name = all.name;
  const found = await ask("provision", { name, at }).catch(() => null);
  if (all.name !== name) return;
  // What stands above a rule is no text that it cites, though it may be shown for one.
  const text = whole(doc);
  const own = found?.whence?.file === name;
  parts.source.show(own ? { ...found, parts: ["", "", ""], whence: null } : found, comments(text, rule?.span?.[0] ?? at, rule && text.slice(...rule.span)));
  const cuts = await ask("cuts", { name, at }).catch(() => null);
  if (all.name === name) showCutting(cuts);
});

/** A sentence whose words are written together is shown as it is read. */
function showCutting(cuts) {
  const { view } = parts.editor;
  // What was told of a text that has changed since says nothing of this one.
  const fits = (one) => view.state.sliceDoc(...one.span) === one.text;
  const words = cuts?.words.every(fits) ? cuts.words : [];
  // Signs need no blanks around them.
  const isWord = (one) => one.kind !== "sign" && /[\p{L}\p{N}]/u.test(one.text) && !quoted(view.state, one.span[0]);
  const joined = words.slice(1).filter((one, index) => one.span[0] === words[index].span[1] && isWord(one) && isWord(words[index]));
  if (!joined.length) {
    fill(parts.cuts);
    if (all.cut) view.dispatch({ effects: showCuts.of([]) });
    all.cut = false;
    return;
  }
  all.cut = true;
  const [first, last] = [joined[0].span[0] - 1, joined.at(-1).span[1]].map((at) => view.state.doc.lineAt(at));
  const shown = words.filter((one) => first.from <= one.span[0] && one.span[1] <= last.to && isWord(one));
  view.dispatch({ effects: showCuts.of(joined.map((one) => one.span[0])) });
  const blanks = () => edit(joined.map((one) => ({ file: all.name, span: [one.span[0], one.span[0]], text: " " })));
  fill(
    parts.cuts,
    h("p", {}, h("b", {}, word("cutsAs")), " ", all.docs.get(all.name)?.writable ? h("button", { type: "button", class: "small", onclick: blanks }, word("writeBlanks")) : null),
    h("ol", { class: "words" }, shown.map((one) => h("li", { class: `tok-${one.kind}`, title: pick(one.said) }, one.text, h("small", {}, pick(one.said))))),
  );
  // The editor is lower now; the cursor stays in sight.
  if (view.hasFocus) view.dispatch({ effects: EditorView.scrollIntoView(view.state.selection.main.head, { y: "nearest", yMargin: 24 }) });
}

/** Whether a place stands within “…”. */
function quoted(state, at) {
  const line = state.doc.lineAt(at);
  const before = line.text.slice(0, at - line.from);
  return before.lastIndexOf("“") > before.lastIndexOf("”");
}

/** Shows a part where only one is seen at a time. */
function show(part) {
  document.body.dataset.part = part;
  for (const tab of parts.parts.querySelectorAll("[role=tab]")) tab.setAttribute("aria-selected", String(tab.dataset.part === part));
}

/** Says something to those who listen, and at the head of the page. */
function say(text) {
  parts.status.textContent = text;
}

function notice(both, kind = "") {
  const box = h("div", { class: `notice ${kind}`, role: kind ? "alert" : "status" }, h("p", {}, pick(both)), h("button", { type: "button", class: "small", onclick: () => box.remove() }, word("close")));
  parts.notices.append(box);
  if (!kind) setTimeout(() => box.remove(), 8000);
}

/** The program has ended; what is unsaved can still be kept. */
function end() {
  if (all.ended) return;
  all.ended = true;
  const links = dirty().map((doc) => {
    const url = URL.createObjectURL(new Blob([whole(doc)], { type: "text/plain" }));
    const name = doc.name.split("/").at(-1);
    return h("p", {}, h("a", { href: url, download: name }, word("download", name)));
  });
  parts.notices.append(h("div", { class: "notice wrong", role: "alert" }, h("p", {}, word("ended")), links));
  for (const doc of all.docs.values()) doc.writable = false;
}

function files(list) {
  all.files = new Map(list.map((file) => [file.name, file]));
  fill(
    parts.file,
    KINDS.map(([kind, label]) => {
      const own = list.filter((file) => file.kind === kind);
      return own.length
        ? h("optgroup", { label: word(label) }, own.map((file) => h("option", { value: file.name }, file.title ? `${pick(file.title)}  ${file.shown}` : file.shown)))
        : null;
    }),
  );
  if (all.name) parts.file.value = all.name;
}

/** The head of the page, as things stand. */
const draw = () => {
  const changed = dirty();
  const doc = all.docs.get(all.name);
  for (const option of parts.file.querySelectorAll("option")) {
    const is = changed.some((one) => one.name === option.value);
    option.textContent = `${option.textContent.replace(/^● /, "")}`;
    if (is) option.textContent = `● ${option.textContent}`;
  }
  parts.save.disabled = !changed.length || !all.writes;
  parts.save.textContent = changed.length ? `${word("save")} (${changed.length})` : word("save");
  parts.unsaved.textContent = changed.length ? word("unsaved", changed.map((one) => one.name.split("/").at(-1)).join(word("stop"))) : "";
  fill(parts.state, (!all.writes || all.turning) && all.page !== null ? [word("reading"), " ", h("button", { type: "button", class: "small", onclick: () => claim(true) }, word("takeOver"))] : doc && !doc.canWrite ? word("readOnly") : null);
  document.title = `${changed.length ? "● " : ""}${all.project?.name ?? "fanshi"} · fanshi studio`;
};

// ── who writes ───────────────────────────────────────────────────────────────

async function claim(anyway) {
  const { writes } = await ask("claim", { page: all.page, anyway });
  if (writes) await writing(true);
}

/** From now on this page writes, or it reads; the texts are read anew, with what was typed elsewhere. */
async function writing(is) {
  if (all.writes === is) return draw();
  Object.assign(all, { writes: is, turning: true });
  speech();
  const { name } = all;
  const at = name ? parts.editor.view.state.selection.main.head : 0;
  const text = parts.editor.view.state.sliceDoc();
  all.docs.clear();
  all.name = null;
  // Until it is read again, nothing is taken that is typed.
  if (name) parts.editor.view.setState(parts.editor.state({ name, kind: all.files.get(name)?.kind, writable: false }, text));
  if (name) await open(name, at);
  all.turning = false;
  draw();
}

/** The editor of a page that writes talks to the language server. */
function speech() {
  all.lsp = all.writes ? new Lsp((told) => parts.line.send(told), server) : null;
  all.lsp?.begin(all.root).catch(() => (all.lsp = null));
}

async function heard(message) {
  if ("jsonrpc" in message) return all.lsp?.hear(message);
  if ("hello" in message) {
    Object.assign(all, { page: message.hello, writes: message.writes, root: message.root });
    speech();
    await begin();
  } else if ("writer" in message) {
    if (message.writer === null && !all.writes) await claim(false);
    else if (message.writer !== null) await writing(message.writer === all.page);
  } else if ("typed" in message) {
    all.typed.add(message.typed);
    reading();
  } else if ("changed" in message) await changedOutside(message.changed);
}

// ── the language server ──────────────────────────────────────────────────────

const SEVERITY = { 1: "error", 2: "warning", 3: "info", 4: "info" };
const server = {
  async diagnostics(uri, found) {
    const doc = [...all.docs.values()].find((one) => one.uri === uri);
    if (!doc) return;
    doc.wrong = found;
    const state = doc.name === all.name ? parts.editor.view.state : doc.state;
    const shown = found.map((told) => {
      const from = fromPlace(state.doc, told.range.start);
      const to = Math.max(from, fromPlace(state.doc, told.range.end));
      const message = typeof told.message === "string" ? told.message : told.message.value;
      return { from, to, severity: SEVERITY[told.severity] ?? "error", message, source: told.code, actions: [], told };
    });
    const lay = () => {
      if (doc.name === all.name) parts.editor.view.dispatch(marked(parts.editor.view.state, shown));
      else doc.state = doc.state.update(marked(doc.state, shown)).state;
    };
    lay();
    // The remedies, for as many as a person will look at.
    const version = all.lsp.versions.get(uri);
    for (const one of shown.slice(0, 20)) {
      const fixes = await all.lsp.fixes(uri, state.doc, one.from, one.to, [one.told]).catch(() => []);
      if (all.lsp.versions.get(uri) !== version || doc.wrong !== found) return;
      one.actions = fixes.filter((fix) => fix.edit).map((fix) => ({ name: fix.title, apply: () => editOfServer(fix.edit) }));
    }
    if (shown.some((one) => one.actions.length)) lay();
  },
  apply: (found) => editOfServer(found),
  said: (text) => notice([text, text]),
};

const asks = (doc) => ({
  async complete(context) {
    if (!all.lsp || !doc.writable) return null;
    const before = context.matchBefore(/[^\s，。、（）()“”]+/);
    if (!context.explicit && !before && !/[凡.．]\s?$/.test(context.state.sliceDoc(Math.max(0, context.pos - 2), context.pos))) return null;
    await typed(doc);
    const items = await all.lsp.completions(doc.uri, context).catch(() => []);
    if (context.aborted || !items.length) return null;
    const from = items[0].from;
    const apply = (item) => (view) => {
      view.dispatch({ changes: { from: item.from, to: view.state.selection.main.head, insert: item.text }, selection: { anchor: item.from + item.text.length }, userEvent: "input.complete" });
      if (item.also.length) editOfServer({ changes: { [doc.uri]: item.also } });
    };
    const shown = items
      .filter((item) => item.from === from)
      .sort((a, b) => (a.sort < b.sort ? -1 : 1))
      .map((item, index) => ({ label: item.filter, displayLabel: item.label, detail: item.detail, info: item.info, type: item.type, boost: -index / 10, apply: apply(item) }));
    return { from, options: shown, validFor: /^[^\s，。、（）()]*$/ };
  },
  async hover(view, at) {
    const told = await tellOf(doc, view.state, at);
    if (!told) return null;
    const { range } = told;
    return {
      pos: range ? fromPlace(view.state.doc, range.start) : at,
      end: range ? fromPlace(view.state.doc, range.end) : at,
      create: () => ({ dom: h("div", { class: "hover" }, markdown(told.text)) }),
    };
  },
});

async function tellOf(doc, state, at) {
  if (!all.lsp) return null;
  const found = await all.lsp.at("textDocument/hover", doc.uri, state.doc, at).catch(() => null);
  if (!found) return null;
  const contents = Array.isArray(found.contents) ? found.contents : [found.contents];
  const text = contents.map((one) => (typeof one === "string" ? one : one.value)).join("\n\n");
  return text.trim() ? { text, range: found.range } : null;
}

async function goto(target) {
  if (!all.files.has(target.file)) return;
  if (target.file !== all.name) await open(target.file);
  if (target.span) move(target.span[0], target.span[1]);
  else if (target.line) move(parts.editor.view.state.doc.line(Math.min(target.line, parts.editor.view.state.doc.lines)).from);
  show("rule");
  parts.editor.view.focus();
}

/** A box over the page. */
function dialog(label, content, ...buttons) {
  const box = h("dialog", { "aria-label": label }, h("h2", {}, label), content, h("p", { class: "doing" }, buttons, " ", h("button", { type: "button", onclick: () => box.close() }, word("close"))));
  box.addEventListener("close", () => {
    box.remove();
    if (!document.activeElement || document.activeElement === document.body) parts.editor.view.focus();
  });
  document.body.append(box);
  box.showModal();
  return box;
}

const hooks = {
  asks,
  changed: (update) => {
    const doc = all.docs.get(all.name);
    if (!doc) return;
    draw();
    if (!update.transactions.some((one) => one.isUserEvent("input") || one.isUserEvent("delete") || one.isUserEvent("undo") || one.isUserEvent("redo") || one.isUserEvent("move"))) return;
    sending(doc);
  },
  moved: (at) => {
    all.at = at;
    follow(at);
  },
  pasted: (at) => follow(at),
  save,
  step: (by) => {
    const at = all.at ?? 0;
    const next = by > 0 ? all.rules.find((rule) => rule.selection?.[0] > at) : all.rules.findLast((rule) => rule.span?.[1] < at);
    if (next) {
      move(next.selection[0]);
      say(`${short(pick(next.heading))}${word("colon")}${counts(next)}`);
    }
  },
  fixes: async (view) => {
    const at = view.state.selection.main.head;
    const doc = all.docs.get(all.name);
    const wrong = wrongAt(view.state, at);
    const found = [];
    for (const one of wrong) {
      const fixes = await all.lsp?.fixes(doc.uri, view.state.doc, one.from, one.to, [one.told]).catch(() => []);
      found.push(...(fixes ?? []).filter((fix) => fix.edit && !found.some((known) => known.title === fix.title)));
    }
    const box = dialog(
      word("remedy"),
      [
        wrong.map((one) => h("p", { class: one.severity === "error" ? "violated" : "warning" }, one.message)),
        wrong.length ? null : h("p", {}, word("noMistakes")),
        h("ul", { class: "fixes" }, found.map((fix) => h("li", {}, h("button", { type: "button", class: "open", "data-rove": "", onclick: () => (box.close(), editOfServer(fix.edit)) }, fix.title)))),
      ],
    );
    box.querySelector(".fixes button")?.focus();
  },
  definition: async (view) => {
    const doc = all.docs.get(all.name);
    const found = await all.lsp?.at("textDocument/definition", doc.uri, view.state.doc, view.state.selection.main.head).catch(() => null);
    const first = Array.isArray(found) ? found[0] : found;
    if (!first) return;
    const name = await nameOf(first.uri ?? first.targetUri);
    if (name !== all.name) await open(name);
    const text = parts.editor.view.state.doc;
    const range = first.range ?? first.targetSelectionRange;
    move(fromPlace(text, range.start), fromPlace(text, range.end));
  },
  rename: async (view) => {
    const doc = all.docs.get(all.name);
    const at = view.state.selection.main.head;
    const range = await all.lsp?.at("textDocument/prepareRename", doc.uri, view.state.doc, at).catch(() => null);
    if (!range) return;
    const span = range.range ?? range;
    const old = view.state.sliceDoc(fromPlace(view.state.doc, span.start), fromPlace(view.state.doc, span.end));
    const input = h("input", { value: old, "aria-label": word("renameTo", old) });
    const go = async () => {
      box.close();
      try {
        const found = await all.lsp.at("textDocument/rename", doc.uri, view.state.doc, at, { newName: input.value });
        const count = found ? await editOfServer(found) : 0;
        if (count) say(word("renamed", count));
      } catch (error) {
        notice(error.said, "wrong");
      }
    };
    const box = dialog(word("renameTo", old), h("p", {}, input), h("button", { type: "button", onclick: go }, word("rename")));
    input.addEventListener("keydown", (event) => event.key === "Enter" && go());
    input.select();
  },
  tell: async (view) => {
    const doc = all.docs.get(all.name);
    const told = await tellOf(doc, view.state, view.state.selection.main.head);
    if (told) dialog(doc.name.split("/").at(-1), markdown(told.text));
  },
  format: async () => {
    const doc = all.docs.get(all.name);
    try {
      const edits = await all.lsp?.request("textDocument/formatting", { textDocument: { uri: doc.uri }, options: { tabSize: 2, insertSpaces: true } });
      if (edits?.length) await editOfServer({ changes: { [doc.uri]: edits } });
    } catch (error) {
      notice(error.said, "wrong");
    }
  },
};

const sending = later(90, async (doc) => {
  try {
    await typed(doc);
  } catch (error) {
    if (error.code === "gone") return end();
    notice(error.said ?? [String(error), String(error)], "wrong");
  }
  await refresh();
});

/** A row of real data becomes a case: shown first, put in when the person says so. */
async function make(row, rule) {
  let found;
  try {
    found = await ask("case_of", { row: row.row, rule: rule.rule });
  } catch (error) {
    return notice(error.said, "wrong");
  }
  const name = row.title ?? row.key;
  const put = async () => {
    box.close();
    const now = await settled(() => ask("case_of", { row: row.row, rule: rule.rule })).catch((error) => notice(error.said, "wrong"));
    if (!now) return;
    found = now;
    if (!(await edit([found]))) return;
    parts.below.choose("cases");
    show("below");
    const cases = parts.below.data.cases ?? [];
    const at = cases.findLastIndex((one) => one.at.file === found.file && one.at.span?.[0] >= found.span[0]);
    if (at >= 0) {
      parts.below.opened = at;
      parts.below.draw();
      parts.below.body.querySelector(`[data-key="case-${at}"]`)?.focus();
    }
  };
  const box = dialog(
    word("newCase", name),
    [h("p", {}, word("caseExplained", found.file)), h("pre", { class: "difference", tabindex: "0" }, found.text.trim())],
    h("button", { type: "button", class: "main", onclick: put }, word("putIn")),
  );
  box.querySelector(".main").focus();
}

// ── the page itself ──────────────────────────────────────────────────────────

function page() {
  parts.status = h("p", { class: "status", role: "status", "aria-live": "polite" });
  parts.unsaved = h("span", { class: "unsaved" });
  parts.state = h("span", { class: "state" });
  parts.effect = h("span", {});
  parts.notices = h("div", { class: "notices" });
  parts.file = h("select", { id: "file", onchange: (event) => open(event.target.value) });
  parts.save = h("button", { type: "button", class: "main", disabled: true, onclick: save }, word("save"));
  parts.cuts = h("div", { class: "cuts", role: "region", "aria-label": word("cutsAs"), "aria-live": "polite" });
  const panel = (id, ...inside) => h("section", { id, class: "part", tabindex: "-1", "aria-labelledby": `${id}-head` }, h("h2", { id: `${id}-head` }, word({ source: "source", rule: "rule", results: "results", below: "below" }[id])), inside);
  const source = panel("source");
  const rule = panel("rule");
  const results = panel("results");
  const below = panel("below");
  const tab = (part) => h("button", { type: "button", role: "tab", "data-part": part, "aria-selected": String(part === "rule"), "aria-controls": part, onclick: () => show(part) }, word(part === "below" ? "cases" : part));
  parts.parts = h("div", { class: "parts", role: "tablist", "aria-label": "fanshi" }, ["source", "rule", "results", "below"].map(tab));
  parts.printed = h("pre", { class: "printed", "aria-hidden": "true" });
  const button = (name, action, key) => h("button", { type: "button", class: "small", title: key, onclick: action }, word(name));
  rule.append(
    h("div", { class: "tools" }, button("previous", () => hooks.step(-1), "Alt+↑"), button("next", () => hooks.step(1), "Alt+↓"), button("remedy", () => hooks.fixes(parts.editor.view), "Ctrl+."), button("format", hooks.format, "Shift+Alt+F"), button("keys", keys, "F1")),
  );
  const host = h("div", { class: "editor" });
  rule.append(host, parts.cuts, parts.printed);
  document.body.replaceChildren(
    h(
      "header",
      { class: "head" },
      h("h1", {}, h("span", { title: all.project?.name }, all.project?.name || "fanshi")),
      h("label", { class: "file", for: "file" }, h("span", {}, word("file")), parts.file),
      parts.save,
      parts.unsaved,
      parts.effect,
      parts.status,
      parts.state,
      h("button", { type: "button", class: "small", lang: word("otherLang"), onclick: turn }, word("other")),
      parts.parts,
    ),
    parts.notices,
    h("main", {}, source, rule, results, below),
  );
  document.body.dataset.part = "rule";
  parts.editor = editor(host, hooks);
  parts.source = new Source(source, { visit: goto });
  parts.results = new Results(results, {
    rows: (rule) => ask("rows", { rule }),
    record: (row, rule) => ask("record", { row, rule }),
    choose: (rule) => rule.selection && move(rule.selection[0]),
    make,
    visit: goto,
  });
  parts.below = new Below(below, {
    goto,
    amend,
    discard: (name) => {
      const doc = all.docs.get(name);
      replace(doc, doc.saved ?? "");
      typed(doc).then(refresh);
      draw();
    },
    writable: (name) => (all.docs.get(name)?.writable ?? true) && all.writes,
    row: async (flip) => {
      const rule = all.rules.find((one) => one.rule === flip.rule);
      if (rule) parts.results.chosen = rule;
      await parts.results.open({ ...flip, outcome: flip.after });
      show("results");
    },
    ask: async (tab) => {
      if (tab === "glance") parts.below.give("glance", await ask("glance"));
    },
  });
  parts.below.draw();
}

/** The keys, told. */
function keys() {
  dialog(word("keys"), h("dl", { class: "keys" }, word("keyHelp").map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])), h("a", { href: "licences.txt", target: "_blank" }, word("licences")));
}

/** The other language. */
async function turn() {
  speak(language() === "zh" ? "en" : "zh");
  try {
    localStorage.setItem("language", language());
  } catch {
    // A browser may keep nothing.
  }
  location.reload();
}

const ORDER = ["source", "rule", "results", "below"];
addEventListener("keydown", (event) => {
  if (event.key === "F6") {
    event.preventDefault();
    const now = ORDER.findIndex((part) => document.getElementById(part)?.contains(document.activeElement));
    const next = ORDER[(now + (event.shiftKey ? -1 : 1) + ORDER.length) % ORDER.length];
    show(next);
    const section = document.getElementById(next);
    if (next === "rule") parts.editor.view.focus();
    else (section.querySelector("[data-rove], .panel, .scroll") ?? section).focus();
  } else if (event.key === "F1") {
    event.preventDefault();
    keys();
  } else if ((event.ctrlKey || event.metaKey) && event.key === "s" && !event.defaultPrevented) {
    event.preventDefault();
    save();
  }
});
addEventListener("beforeunload", (event) => {
  if (all.writes && dirty().length && !all.leaving) event.preventDefault();
});
addEventListener("beforeprint", () => {
  const doc = all.docs.get(all.name);
  if (doc) parts.printed.textContent = whole(doc);
});

async function begin() {
  if (all.name) return;
  all.project ??= await ask("project");
  files(all.project.files);
  const asked = new URLSearchParams(location.hash.slice(1)).get("file");
  const first = all.project.files.find((file) => file.name === asked) ?? all.project.files.find((file) => file.kind === "policy" && file.rules) ?? all.project.files.find((file) => file.kind === "policy") ?? all.project.files.find((file) => file.kind === "manifest");
  if (first) await open(first.name);
  else say(word("welcome"));
  if (!all.name) await refresh();
  document.body.dataset.ready = "";
}

const project = await ask("project");
let chosen = project.language;
try {
  chosen = localStorage.getItem("language") ?? chosen;
} catch {
  // A browser may keep nothing.
}
speak(chosen);
all.project = project;
page();
parts.line = line(heard, end);
