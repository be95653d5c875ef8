// The editor: CodeMirror with what the language server and the program know laid over the text.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forEachDiagnostic, lintGutter, lintKeymap, nextDiagnostic, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { h } from "./dom.js";
import { language, word } from "./words.js";

const nonce = document.querySelector("meta[name=csp-nonce]").nonce;

// Colours before the language server has told what each word is: comments, quotations, citations,
// numbers, and the words that carry a sentence.
const CARRIED =
  /^(?:凡|除非|根据|说明|必须|不得|不宜|宜|一律|提请|优先于|政策|使用|施行|文号|参数|定义|表|枚举|裁定|次序|否则|指标|且|或|非|有|无|第[〇零一二三四五六七八九十百千0-9]+条|whenever|unless|under|message|must|should|not|article|policy|use|table|enum|parameter|define|decision|measure|and|or|where)(?=[\s，。（(]|$)/;
const fan = StreamLanguage.define({
  name: "fan",
  startState: () => ({}),
  token(stream) {
    if (stream.match(/^#.*/)) return "comment";
    if (stream.match(/^“[^”]*”?/) || stream.match(/^"[^"]*"?/)) return "string";
    if (stream.match(/^《[^》]*》(?:第[^\s、，。]*)?/)) return "link";
    if (stream.match(/^\d{4}-\d{2}-\d{2}/) || stream.match(/^[\d,.]+/)) return "number";
    if ((stream.sol() || /\s/.test(stream.string[stream.pos - 1])) && stream.match(CARRIED)) return "keyword";
    stream.next();
    stream.eatWhile(/[^\s#“"《\d]/);
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
});
const toml = StreamLanguage.define({
  name: "toml",
  startState: () => ({}),
  token(stream) {
    if (stream.match(/^#.*/)) return "comment";
    if (stream.sol() && stream.match(/^\s*\[.*\]\s*$/)) return "heading";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?(?=\s*=)/) || (stream.sol() && stream.match(/^[\w.-]+(?=\s*=)/))) return "propertyName";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return "string";
    if (stream.match(/^\d[\d.:-]*/)) return "number";
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
});
const colours = HighlightStyle.define([
  { tag: tags.comment, color: "#5d6670", fontStyle: "normal" },
  { tag: tags.string, color: "#3f6b4f" },
  { tag: tags.link, color: "#2f5d86" },
  { tag: tags.number, color: "#7a4a00" },
  { tag: tags.keyword, color: "#a3211c", fontWeight: "600" },
  { tag: tags.heading, color: "#a3211c", fontWeight: "600" },
  { tag: tags.propertyName, color: "#2f5d86" },
]);

const PHRASES = {
  Find: "查找", Replace: "替换", next: "下一个", previous: "上一个", all: "全部", "match case": "区分大小写",
  regexp: "正则", "by word": "整词", replace: "替换", "replace all": "全部替换", close: "关闭",
  Completions: "可以写的", "No diagnostics": "没有错误", Diagnostics: "错误",
  "current match": "当前", "on line": "在行", "Control character": "控制字符",
};

/** Marks laid over the text: what rules came to at their headings, and where a sentence is cut. */
const overlay = (made, shown) => {
  const effect = StateEffect.define();
  const field = StateField.define({
    create: () => Decoration.none,
    update(marks, transaction) {
      marks = marks.map(transaction.changes);
      for (const found of transaction.effects) if (found.is(effect)) marks = made(found.value, transaction.state);
      return marks;
    },
    provide: (field) => EditorView.decorations.from(field),
  });
  return [effect, field, shown];
};

class Counts extends WidgetType {
  constructor(text, parts, label) {
    super();
    Object.assign(this, { text, parts, label });
  }
  eq(other) {
    return other.text === this.text;
  }
  toDOM() {
    return h("span", { class: "cm-counts", "aria-hidden": "true", title: this.label }, this.parts.map(([kind, text]) => h("span", { class: kind }, text)));
  }
  ignoreEvent() {
    return false;
  }
}
class Cut extends WidgetType {
  eq() {
    return true;
  }
  toDOM() {
    return h("span", { class: "cm-cut", "aria-hidden": "true" });
  }
}

const [showCounts, countsField] = overlay((rules, state) => {
  const marks = [];
  for (const { at, parts, label } of rules) {
    if (!parts.length || at > state.doc.length) continue;
    const widget = new Counts(parts.map((part) => part.join()).join("|"), parts, label);
    marks.push(Decoration.widget({ widget, side: 1 }).range(state.doc.lineAt(at).to));
  }
  return Decoration.set(marks, true);
});
const [showCuts, cutsField] = overlay((places, state) => {
  const inside = places.filter((at) => at > 0 && at <= state.doc.length);
  return Decoration.set(inside.map((at) => Decoration.widget({ widget: new Cut(), side: -1 }).range(at)), true);
});
const [showRule, ruleField] = overlay((span, state) => {
  if (!span) return Decoration.none;
  const lines = [];
  const last = state.doc.lineAt(Math.min(span[1], state.doc.length)).number;
  for (let number = state.doc.lineAt(Math.min(span[0], state.doc.length)).number; number <= last; number += 1) {
    lines.push(Decoration.line({ class: "cm-ruled" }).range(state.doc.line(number).from));
  }
  return Decoration.set(lines);
});
const [showTokens, tokensField] = overlay((tokens, state) => {
  const inside = tokens.filter(({ from, to }) => from < to && to <= state.doc.length);
  return Decoration.set(inside.map(({ from, to, kind }) => Decoration.mark({ class: `tok-${kind}` }).range(from, to)), true);
});
export { showCounts, showCuts, showRule, showTokens };

/** Places of the language server: lines and characters from 0. */
export const toPlace = (doc, at) => {
  const line = doc.lineAt(Math.max(0, Math.min(at, doc.length)));
  return { line: line.number - 1, character: at - line.from };
};
export const fromPlace = (doc, place) => {
  if (place.line >= doc.lines) return doc.length;
  const line = doc.line(place.line + 1);
  return Math.min(line.to, line.from + place.character);
};

/** Lines that only part a text, `# ── … ──`, are not broken. */
const parting = EditorView.decorations.compute(["doc"], (state) => {
  const lines = [];
  for (let number = 1; number <= state.doc.lines; number += 1) {
    const line = state.doc.line(number);
    if (/^#.*[─—═=-]{8,}\s*$/.test(line.text)) lines.push(Decoration.line({ class: "cm-parting" }).range(line.from));
  }
  return Decoration.set(lines);
});

const spoken = new Compartment();
const phrases = () => EditorState.phrases.of(language() === "zh" ? PHRASES : {});

/** Makes the editor. `hooks`: what is asked of the rest of the page. */
export function editor(parent, hooks) {
  const listen = EditorView.updateListener.of((update) => {
    if (update.docChanged) hooks.changed(update);
    if (update.selectionSet || update.docChanged) hooks.moved(update.state.selection.main.head);
  });
  const keys = keymap.of([
    { key: "Mod-s", run: () => (hooks.save(), true), preventDefault: true },
    { key: "Alt-ArrowUp", run: () => (hooks.step(-1), true) },
    { key: "Alt-ArrowDown", run: () => (hooks.step(1), true) },
    { key: "Mod-.", run: (view) => (hooks.fixes(view), true) },
    { key: "F12", run: (view) => (hooks.definition(view), true) },
    { key: "F2", run: (view) => (hooks.rename(view), true) },
    { key: "Mod-i", run: (view) => (hooks.tell(view), true), preventDefault: true },
    { key: "Shift-Alt-f", run: () => (hooks.format(), true) },
    { key: "F8", run: nextDiagnostic },
  ]);
  const base = [
    EditorView.cspNonce.of(nonce),
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    bracketMatching(),
    closeBrackets(),
    highlightSelectionMatches(),
    indentUnit.of("  "),
    EditorView.lineWrapping,
    syntaxHighlighting(colours),
    lintGutter(),
    countsField,
    cutsField,
    ruleField,
    tokensField,
    parting,
    keys,
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...searchKeymap, ...lintKeymap, ...historyKeymap, ...defaultKeymap]),
    listen,
    EditorView.domEventHandlers({
      paste: (event, view) => {
        setTimeout(() => hooks.pasted(view.state.selection.main.head), 0);
      },
    }),
  ];
  const view = new EditorView({ parent, state: EditorState.create({ doc: "", extensions: [base, EditorState.readOnly.of(true)] }) });
  const state = (doc, text) => {
    const kind = doc.kind === "policy" ? fan : toml;
    const asked = hooks.asks(doc);
    return EditorState.create({
      doc: text,
      extensions: [
        base,
        spoken.of(phrases()),
        kind,
        text.includes("\r\n") ? EditorState.lineSeparator.of("\r\n") : [],
        EditorState.readOnly.of(!doc.writable),
        EditorView.contentAttributes.of({ "aria-label": `${word("rule")} ${doc.name}`, "aria-multiline": "true", spellcheck: "false" }),
        doc.kind === "policy" || doc.kind === "manifest" || doc.kind === "cases"
          ? [
              autocompletion({ override: [asked.complete], activateOnTyping: true, icons: false }),
              hoverTooltip(asked.hover, { hoverTime: 250 }),
            ]
          : [],
      ],
    });
  };
  return { view, state, nextDiagnostic };
}

/** Lays what is wrong over the text of a state. */
export const marked = (state, found) => setDiagnostics(state, found);

/** What is wrong at a place. */
export function wrongAt(state, at) {
  const found = [];
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (from <= at && at <= to) found.push(diagnostic);
  });
  if (found.length) return found;
  const line = state.doc.lineAt(at);
  forEachDiagnostic(state, (diagnostic, from, to) => {
    if (from <= line.to && to >= line.from) found.push(diagnostic);
  });
  return found;
}
