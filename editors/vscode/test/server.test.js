// The server as VS Code talks to it: through VS Code's own client of the protocol, over standard input and output, about the sample project.
'use strict';

const assert = require('node:assert/strict');
const { spawn } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const { after, before, test } = require('node:test');
const { pathToFileURL } = require('node:url');
const protocol = require('vscode-languageserver-protocol/node');

const root = path.resolve(__dirname, '../../..');
const fanshi = process.env.FANSHI ?? path.join(root, 'target/debug/fanshi');
const folder = path.join(root, 'policies');
const uri = (name) => pathToFileURL(path.join(folder, name)).toString();
const policy = 'approval-reform/seven-whenevers.fan';
const text = fs.readFileSync(path.join(folder, policy), 'utf8');

let child;
let connection;
let capabilities;
const published = new Map();
const waiting = [];

/** The position of the first of some words. */
function at(words, from = text, beyond = 0) {
  const before = from.slice(0, from.indexOf(words) + beyond).split('\n');
  assert.notEqual(from.indexOf(words), -1, words);
  return { line: before.length - 1, character: before.at(-1).length };
}

function diagnostics(test) {
  const known = [...published.values()].find(test);
  return known ? Promise.resolve(known) : new Promise((resolve) => waiting.push({ test, resolve }));
}

before(async () => {
  child = spawn(fanshi, ['lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    published.set(params.uri, params);
    for (const wait of waiting.splice(0)) {
      if (wait.test(params)) wait.resolve(params);
      else waiting.push(wait);
    }
  });
  connection.onRequest(protocol.RegistrationRequest.type, () => undefined);
  connection.onRequest(protocol.CodeLensRefreshRequest.type, () => undefined);
  connection.listen();
  const answer = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).toString(), name: 'policies' }],
    locale: 'zh-cn',
    initializationOptions: { language: 'zh', verdicts: 'lens' },
    capabilities: {
      general: { positionEncodings: ['utf-16'] },
      workspace: { workspaceEdit: { documentChanges: true }, codeLens: { refreshSupport: true } },
      textDocument: { hover: { contentFormat: ['markdown'] }, publishDiagnostics: { relatedInformation: true } },
    },
  });
  capabilities = answer.capabilities;
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri: uri(policy), languageId: 'fanshi', version: 1, text },
  });
});

after(() => child.kill());

test('what is offered', () => {
  assert.equal(capabilities.positionEncoding, 'utf-16');
  assert.ok(capabilities.executeCommandProvider.commands.includes('fanshi.rows'));
});

test('mistakes come and go as they are typed', async () => {
  const where = at('凡 下放');
  const change = (version, range, typed) =>
    connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
      textDocument: { uri: uri(policy), version },
      contentChanges: [{ range, text: typed }],
    });
  const begin = { line: where.line, character: where.character + 2 };
  const end = { line: where.line, character: where.character + 4 };
  await change(2, { start: begin, end }, '下方');
  const wrong = await diagnostics((one) => one.uri === uri(policy) && one.version === 2);
  assert.match(wrong.diagnostics[0].message, /下方/);
  assert.deepEqual(wrong.diagnostics[0].range.start, begin);
  await change(3, { start: begin, end }, '下放');
  const mended = await diagnostics((one) => one.uri === uri(policy) && one.version === 3);
  assert.deepEqual(mended.diagnostics, []);
});

test('verdicts stand above articles, and their rows are listed', async () => {
  const lenses = await connection.sendRequest(protocol.CodeLensRequest.type, { textDocument: { uri: uri(policy) } });
  const first = lenses.find((lens) => lens.range.start.line === at('第一条 明令取消').line);
  assert.match(first.command.title, /违反 1/);
  const answer = await connection.sendRequest(protocol.ExecuteCommandRequest.type, {
    command: first.command.command,
    arguments: first.command.arguments,
  });
  assert.match(answer.rows[0].key, /MZ-04/);
  assert.match(answer.rows[0].places[0].uri, /civil-affairs\.toml$/);
});

test('hover tells what stands there', async () => {
  const position = at('一律 取消', text, 3);
  const hover = await connection.sendRequest(protocol.HoverRequest.type, { textDocument: { uri: uri(policy) }, position });
  assert.match(hover.contents.value, /取消/);
});

test('completion offers tables behind 凡', async () => {
  const position = at('凡 下放', text, 2);
  const list = await connection.sendRequest(protocol.CompletionRequest.type, { textDocument: { uri: uri(policy) }, position });
  assert.ok(list.items.length > 0);
});

test('a name is renamed in every file', async () => {
  const position = at('定义 法律依据不足', text, 4);
  const params = { textDocument: { uri: uri(policy) }, position };
  const prepared = await connection.sendRequest(protocol.PrepareRenameRequest.type, params);
  assert.equal(prepared.placeholder, '法律依据不足');
  const edit = await connection.sendRequest(protocol.RenameRequest.type, { ...params, newName: '依据不够' });
  assert.ok(edit.documentChanges.length >= 1);
  assert.ok(edit.documentChanges.some((change) => change.textDocument.uri === uri(policy)));
});

test('it ends in order', async () => {
  await connection.sendRequest(protocol.ShutdownRequest.type);
  const ended = new Promise((resolve) => child.on('exit', resolve));
  await connection.sendNotification(protocol.ExitNotification.type);
  assert.equal(await ended, 0);
});
