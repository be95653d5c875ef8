// A client of the language server, which speaks over the page's line.

import { fromPlace, toPlace } from "./editor.js";
import { h } from "./dom.js";
import { language } from "./words.js";

/** The kinds of what may be written, as names of classes. */
const KINDS = { 3: "function", 5: "field", 6: "parameter", 7: "table", 10: "field", 12: "value", 13: "enum", 14: "keyword", 15: "phrase", 20: "value", 21: "value", 22: "table", 25: "type" };

export class Lsp {
  /** `send` sends a message; `hooks.diagnostics(uri, found)` is told what is wrong with a file, `hooks.apply(edit)` changes texts. */
  constructor(send, hooks) {
    Object.assign(this, { send, hooks, last: 0, waiting: new Map(), versions: new Map(), legend: [] });
    this.ready = new Promise((resolve) => (this.begun = resolve));
  }

  async begin(root) {
    const { capabilities } = await this.request("initialize", {
      processId: null,
      rootUri: root,
      workspaceFolders: [{ uri: root, name: "project" }],
      initializationOptions: { language: language(), verdicts: "off" },
      capabilities: {
        general: { positionEncodings: ["utf-16"] },
        textDocument: {
          hover: { contentFormat: ["markdown", "plaintext"] },
          completion: { completionItem: { snippetSupport: false } },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
          publishDiagnostics: { relatedInformation: true },
          semanticTokens: { requests: { full: true }, tokenTypes: [], tokenModifiers: [], formats: ["relative"] },
          rename: { prepareSupport: true },
        },
        workspace: { applyEdit: true, workspaceEdit: { documentChanges: false } },
      },
    });
    this.legend = capabilities.semanticTokensProvider?.legend?.tokenTypes ?? [];
    this.notify("initialized", {});
    this.begun();
  }

  notify(method, params) {
    this.send({ jsonrpc: "2.0", method, params });
  }

  request(method, params) {
    const id = (this.last += 1);
    this.send({ jsonrpc: "2.0", id, method, params });
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** A message of the server. */
  async hear(message) {
    if (message.method && message.id !== undefined) {
      const result = message.method === "workspace/applyEdit" ? { applied: Boolean(await this.hooks.apply(message.params.edit)) } : null;
      this.send({ jsonrpc: "2.0", id: message.id, result });
    } else if (message.method === "textDocument/publishDiagnostics") {
      this.hooks.diagnostics(message.params.uri, message.params.diagnostics);
    } else if (message.method === "window/showMessage") {
      this.hooks.said(message.params.message);
    } else if (message.id !== undefined) {
      const asked = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      if (message.error) asked?.reject(Object.assign(new Error(message.error.message), { said: [message.error.message, message.error.message] }));
      else asked?.resolve(message.result);
    }
  }

  /** Hands over the text of a file as it stands. */
  async put(uri, text, kind) {
    await this.ready;
    const version = (this.versions.get(uri) ?? 0) + 1;
    this.versions.set(uri, version);
    if (version === 1) {
      const languageId = kind === "policy" ? "fanshi" : "toml";
      this.notify("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
    } else {
      this.notify("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
    }
  }

  saved(uri) {
    if (this.versions.has(uri)) this.notify("textDocument/didSave", { textDocument: { uri } });
  }

  /** What is asked about a place of a text. */
  async at(method, uri, doc, at, more = {}) {
    await this.ready;
    return this.request(method, { textDocument: { uri }, position: toPlace(doc, at), ...more });
  }

  async completions(uri, context) {
    const list = await this.at("textDocument/completion", uri, context.state.doc, context.pos, { context: { triggerKind: 1 } });
    const items = Array.isArray(list) ? list : (list?.items ?? []);
    return items.map((item) => {
      const edit = item.textEdit;
      const from = edit ? fromPlace(context.state.doc, (edit.range ?? edit.replace).start) : context.pos;
      const to = edit ? fromPlace(context.state.doc, (edit.range ?? edit.replace).end) : context.pos;
      const said = item.documentation?.value ?? item.documentation;
      return {
        from,
        to,
        label: item.label,
        filter: item.filterText ?? item.label,
        text: edit?.newText ?? item.insertText ?? item.label,
        detail: item.detail ?? item.labelDetails?.description,
        sort: item.sortText ?? item.label,
        also: item.additionalTextEdits ?? [],
        info: said ? () => markdown(said) : undefined,
        type: KINDS[item.kind] ?? "other",
      };
    });
  }

  /** The remedies of a range, each with its title and edit. */
  async fixes(uri, doc, from, to, diagnostics = []) {
    await this.ready;
    const range = { start: toPlace(doc, from), end: toPlace(doc, to) };
    const found = await this.request("textDocument/codeAction", { textDocument: { uri }, range, context: { diagnostics, only: ["quickfix"] } });
    return found ?? [];
  }

  async tokens(uri, doc) {
    await this.ready;
    const found = await this.request("textDocument/semanticTokens/full", { textDocument: { uri } });
    const tokens = [];
    const data = found?.data ?? [];
    let [line, character] = [0, 0];
    for (let at = 0; at + 4 < data.length; at += 5) {
      if (data[at]) character = 0;
      line += data[at];
      character += data[at + 1];
      const from = fromPlace(doc, { line, character });
      tokens.push({ from, to: from + data[at + 2], kind: this.legend[data[at + 3]] });
    }
    return tokens;
  }
}

/** The little of Markdown that the server writes, as elements. */
export function markdown(text) {
  const root = h("div", { class: "told" });
  let fence = null;
  let paragraph = null;
  for (const line of String(text).split("\n")) {
    if (line.startsWith("```")) {
      if (fence) fence = null;
      else root.append((fence = h("pre")));
      paragraph = null;
    } else if (fence) {
      fence.append(fence.textContent ? `\n${line}` : line);
    } else if (/^(-{3,}|\*{3,})$/.test(line)) {
      root.append(h("hr"));
      paragraph = null;
    } else if (!line.trim()) {
      paragraph = null;
    } else {
      const block = line.match(/^(#{1,4}|[-*]|>)\s+(.*)$/);
      if (block || !paragraph) root.append((paragraph = h(block?.[1] === ">" ? "blockquote" : "p", { class: block && /[-*]/.test(block[1]) ? "item" : block?.[1].startsWith("#") ? "head" : null })));
      else paragraph.append(h("br"));
      inline(paragraph, block ? block[2] : line);
      if (block && block[1] !== ">") paragraph = null;
    }
  }
  return root;
}

function inline(parent, text) {
  const unescaped = (part) => part.replace(/\\([\\`*_{}[\]()#+\-.!<>|~&])/g, "$1");
  for (const part of text.split(/(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/)) {
    if (/^`.+`$/.test(part)) parent.append(h("code", {}, part.slice(1, -1)));
    else if (/^\*\*.+\*\*$/.test(part)) parent.append(h("strong", {}, unescaped(part.slice(2, -2))));
    else if (/^\[/.test(part) && part.endsWith(")")) parent.append(unescaped(part.slice(1, part.indexOf("]("))));
    else if (part) parent.append(unescaped(part));
  }
}
