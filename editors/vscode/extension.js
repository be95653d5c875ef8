// Starts `fanshi lsp` and shows in VS Code what it answers. All knowledge is in the server.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const vscode = require('vscode');
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');

/** @type {LanguageClient | undefined} */
let client;
/** @type {vscode.OutputChannel | undefined} */
let output;

const chinese = () => vscode.env.language.toLowerCase().startsWith('zh');
const say = (zh, en) => (chinese() ? zh : en);

/** The executable: as set, as packed with the extension, as found on the PATH. */
function executable(context) {
  const set = vscode.workspace.getConfiguration('fanshi').get('server.path', '').trim();
  if (set) {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
    return set.replaceAll('${workspaceFolder}', folder);
  }
  const name = process.platform === 'win32' ? 'fanshi.exe' : 'fanshi';
  const packed = path.join(context.extensionPath, 'server', name);
  return fs.existsSync(packed) ? packed : name;
}

/** What the server is told at its start. */
function wanted() {
  const settings = vscode.workspace.getConfiguration('fanshi');
  return { language: settings.get('language'), verdicts: settings.get('verdicts') };
}

async function start(context) {
  const command = executable(context);
  const run = { command, args: ['lsp'], transport: TransportKind.stdio };
  client = new LanguageClient('fanshi', 'fanshi', { run, debug: run }, {
    documentSelector: [
      { language: 'fanshi' },
      { scheme: 'file', pattern: '**/fanshi.toml' },
      { scheme: 'file', pattern: '**/*.cases.toml' },
    ],
    outputChannel: output,
    initializationOptions: wanted(),
    middleware: { executeCommand },
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    output.appendLine(String(error));
    const settings = say('打开设置', 'Open settings');
    const said = say(
      `启动不了 \`${command}\`：请安装 fanshi，或在设置里写明它在哪里`,
      `cannot start \`${command}\`: install fanshi, or say in the settings where it is`,
    );
    if ((await vscode.window.showErrorMessage(said, settings)) === settings) {
      vscode.commands.executeCommand('workbench.action.openSettings', 'fanshi.server.path');
    }
  }
}

async function stop() {
  const gone = client;
  client = undefined;
  await gone?.stop();
}

/** Commands of the server, with what is shown of their answers. */
async function executeCommand(command, args, next) {
  const answer = await next(command, args);
  if (command === 'fanshi.rows' && answer) return showRows(answer, args?.[0]);
  if (command === 'fanshi.cases' && answer) return showCases(answer, args?.[0]);
  if (command === 'fanshi.flips' && answer) return showFlips(answer, args?.[0]);
  return answer;
}

/** A place that the server named, as an item of a list that opens it. */
async function open(place) {
  if (!place) return;
  const uri = vscode.Uri.parse(place.uri);
  if (place.cell) {
    // A workbook is opened by what opens workbooks here.
    vscode.window.setStatusBarMessage(`${path.basename(uri.fsPath)} ${place.cell}`, 10000);
    await vscode.commands.executeCommand('vscode.open', uri);
    return;
  }
  const { start, end } = place.range;
  const selection = new vscode.Range(start.line, start.character, end.line, end.character);
  await vscode.window.showTextDocument(uri, { selection });
}

const named = (place) => place && `${path.basename(vscode.Uri.parse(place.uri).fsPath)}:${place.cell ?? place.range.start.line + 1}`;

/** The rows of an article: one that is chosen is opened; buttons show its record or make a case of it. */
async function showRows(answer, asked) {
  const record = { iconPath: new vscode.ThemeIcon('info'), tooltip: say('全部记录', 'Whole record') };
  const makeCase = { iconPath: new vscode.ThemeIcon('beaker'), tooltip: say('写成案例', 'Make a case of it') };
  const pick = vscode.window.createQuickPick();
  pick.title = `${answer.heading} — ${answer.cameTo}`;
  pick.placeholder = answer.rows.length
    ? say('选一行，打开它所在的地方', 'Choose a row to open where it stands')
    : say('没有要说的行', 'There is no row to speak of');
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = answer.rows.map((row) => ({
    label: `${row.outcome.said}　${row.table} ${row.key}${row.title ? ` ${row.title}` : ''}`,
    description: [row.element, named(row.places[0])].filter(Boolean).join('　'),
    detail: row.message,
    buttons: [record, makeCase],
    row,
  }));
  pick.onDidAccept(() => {
    const [chosen] = pick.selectedItems;
    pick.hide();
    if (chosen) open(chosen.row.places[0]);
  });
  pick.onDidTriggerItemButton(async ({ button, item }) => {
    pick.hide();
    const argument = { uri: asked.uri, rule: answer.rule, row: item.row.row };
    if (button === makeCase) {
      await client?.sendRequest('workspace/executeCommand', { command: 'fanshi.case', arguments: [argument] });
      return;
    }
    const told = await client?.sendRequest('workspace/executeCommand', {
      command: 'fanshi.record',
      arguments: [{ uri: asked.uri, row: item.row.row }],
    });
    if (!told) return;
    const document = await vscode.workspace.openTextDocument({ content: told.text, language: 'plaintext' });
    await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
  return answer;
}

async function showCases(answer, asked) {
  const items = answer.cases.map((item) => ({
    label: `$(${item.status.code === 'passed' ? 'pass' : 'error'}) ${item.name}`,
    description: item.status.said,
    detail: item.told.map((told) => told.message.split('\n')[0]).join('；') || item.why || undefined,
    item,
  }));
  const accept = { label: `$(check-all) ${say('采用全部结果', 'Accept what came of all')}`, all: true };
  const toAccept = answer.cases.some((item) => item.toAccept);
  const chosen = await vscode.window.showQuickPick(toAccept ? [accept, ...items] : items, { title: answer.said });
  if (chosen?.all) {
    await client?.sendRequest('workspace/executeCommand', { command: 'fanshi.accept', arguments: [{ uri: asked.uri }] });
  } else if (chosen) {
    await open(chosen.item.place);
  }
  return answer;
}

async function showFlips(answer, asked) {
  const side = (outcome) => outcome?.said ?? '—';
  const rows = answer.rows.map((row) => ({
    label: `${row.table} ${row.key}${row.title ? ` ${row.title}` : ''}`,
    description: `${side(row.before)} → ${side(row.after)}`,
    detail: row.heading,
    row,
  }));
  const cases = answer.cases.map((item) => ({
    label: `$(beaker) ${item.case}`,
    description: `${item.before ?? '—'} → ${item.after ?? '—'}`,
  }));
  const chosen = await vscode.window.showQuickPick([...cases, ...rows], { title: answer.said, matchOnDetail: true });
  if (chosen?.row) {
    const argument = { uri: asked.uri, row: chosen.row.row };
    const told = await client?.sendRequest('workspace/executeCommand', { command: 'fanshi.record', arguments: [argument] });
    if (told?.place) await open(told.place);
  }
  return answer;
}

/** Runs a command of the server about where the cursor is. */
function here(command) {
  return async () => {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !client) return;
    const { line, character } = editor.selection.active;
    const argument = { uri: client.code2ProtocolConverter.asUri(editor.document.uri), position: { line, character } };
    await vscode.commands.executeCommand(command, argument);
  };
}

/** `fanshi check` of every manifest in the workspace, as tasks. */
class Tasks {
  constructor(context) {
    this.context = context;
  }

  async provideTasks() {
    const manifests = await vscode.workspace.findFiles('**/fanshi.toml', '**/node_modules/**', 20);
    return manifests.map((manifest) => this.task({ type: 'fanshi', project: vscode.workspace.asRelativePath(manifest) }));
  }

  resolveTask(task) {
    return task.definition.project ? this.task(task.definition) : undefined;
  }

  task(definition) {
    const run = new vscode.ProcessExecution(executable(this.context), ['check', definition.project, '--format', 'concise']);
    const task = new vscode.Task(definition, vscode.TaskScope.Workspace, `check ${definition.project}`, 'fanshi', run, '$fanshi');
    task.group = vscode.TaskGroup.Test;
    return task;
  }
}

async function activate(context) {
  output = vscode.window.createOutputChannel('fanshi');
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand('fanshi.rowsHere', here('fanshi.rows')),
    vscode.commands.registerCommand('fanshi.casesHere', here('fanshi.cases')),
    vscode.commands.registerCommand('fanshi.flipsHere', here('fanshi.flips')),
    vscode.commands.registerCommand('fanshi.output', () => output.show()),
    vscode.commands.registerCommand('fanshi.restart', async () => {
      await stop();
      await start(context);
    }),
    vscode.tasks.registerTaskProvider('fanshi', new Tasks(context)),
    vscode.workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('fanshi')) {
        await stop();
        await start(context);
      }
    }),
  );
  await start(context);
}

module.exports = { activate, deactivate: stop };
